#!/usr/bin/env bash
# How searches and trainings scale with the number of ranks on this machine, one thread each (src/Microsoft.ML.Dmcp.Distributed):
#   eng/scaling.sh                    1 and 2 ranks, of CIFAR ResNet-20, ResNet-18 and MobileNetV2; about 5 minutes on two idle cores
#   eng/scaling.sh "1 2 4" 20         other numbers of ranks, and iterations
#   eng/scaling.sh readme             puts the tables into the README of that folder, between its marks
# Give it the machine alone: two ranks that wait for each other suffer twice from anyone else. The tables are artifacts/scaling/tables.md.
# Rows are kept beside them: started again, it goes on where it was; delete the folder to measure anew.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
out=$root/artifacts/scaling rows=$root/artifacts/scaling/rows.tsv tables=$root/artifacts/scaling/tables.md
fail() { printf 'scaling: %s\n' "$*" >&2; exit 1; }
if [ "${1:-}" = readme ]; then
  [ -s "$tables" ] || fail "there is no $tables: run eng/scaling.sh first."
  readme=$root/src/Microsoft.ML.Dmcp.Distributed/README.md
  sed -i -e '/^<!-- measured -->$/,/^<!-- end of measured -->$/{//!d}' -e "/^<!-- measured -->\$/r $tables" "$readme"
  exit
fi
command -v mpirun >/dev/null || fail "there is no mpirun: eng/setup.sh installs Open MPI as root (apt-get install openmpi-bin)."
. "$root/eng/environment.sh"
export OMP_NUM_THREADS=1
numbers=${1:-1 2} iterations=${2:-10}
project=$root/test/Microsoft.ML.Dmcp.Benchmarks
dotnet build "$project" -c Release -v quiet -clp:NoSummary >&2
program=$project/bin/Release/net10.0/Microsoft.ML.Dmcp.Benchmarks.dll
mkdir -p "$out"
touch "$rows"

kept() { awk -F '\t' -v key="$1" '$1 == key { print $2 }' "$rows"; }
# The rows of a measurement: those that were kept, or new ones.
ranks() {
  local key="$* $iterations" new
  if [ -z "$(kept "$key")" ]; then
    printf 'scaling: %s\n' "$key" >&2
    # mpirun pretends to be a terminal. Rank 0 alone prints.
    new=$(TERM=dumb mpirun --allow-run-as-root --oversubscribe -np "$1" dotnet "$program" ranks "$2" --threads 1 "${@:3}" | tr -d '\r' | grep '^|') ||
      fail "the measurement ended without a row; run it again to go on."
    sed "s/^/$key\t/" <<<"$new" >>"$rows"
  fi
  kept "$key"
}

{
  printf 'Measured %s on %s, %s cores, one thread a rank, %s iterations, 100 classes; batches are of all ranks together.\n\n' \
    "$(date -u +%F)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc --all)" "$iterations"
  echo "| workload | batch norms | ranks | ms an iteration | images/s | peak MB of a rank | MB summed an iteration | ms of gradients' sums | of it behind the computation |"
  echo "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
  for workload in search:cifar-resnet20:batch=128 train:cifar-resnet20:batch=128 search:resnet18:size=64:batch=32 \
      train:resnet18:size=64:batch=32 search:mobilenetv2:size=64:batch=32 train:mobilenetv2:size=64:batch=32; do
    for n in $numbers; do
      ranks "$n" "$workload" --iterations "$iterations"
      if [ "$n" -gt 1 ]; then ranks "$n" "$workload" --iterations "$iterations" --local-norms; fi
    done
  done
  printf '\nSums over two ranks through shared memory:\n\n'
  echo "| bytes of a sum | ms | GB/s |"
  echo "| ---: | ---: | ---: |"
  ranks 2 - --sums
} >"$tables.new"
mv "$tables.new" "$tables"
cat "$tables"
