#!/usr/bin/env bash
# How searches and trainings scale with the number of ranks on this machine, one thread each (src/Microsoft.ML.Dmcp.Distributed):
#   eng/scaling.sh                    1 and 2 ranks, of CIFAR ResNet-20, ResNet-18 and MobileNetV2
#   eng/scaling.sh "1 2 4" 20         other numbers of ranks, and iterations
# Give it the machine alone: two ranks that wait for each other suffer twice from anyone else.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/eng/environment.sh"
export OMP_NUM_THREADS=1
project=$root/test/Microsoft.ML.Dmcp.Benchmarks
dotnet build "$project" -c Release -v quiet -clp:NoSummary >&2
program=$project/bin/Release/net10.0/Microsoft.ML.Dmcp.Benchmarks.dll
ranks() { mpirun --allow-run-as-root --oversubscribe -np "$1" dotnet "$program" ranks "$2" --threads 1 "${@:3}" | tr -d '\r' | grep '^|'; }

echo "| bytes of a sum, 2 ranks | ms | GB/s |"
echo "| ---: | ---: | ---: |"
ranks 2 - --sums
echo
echo "| workload | batch norms | ranks | ms an iteration | images/s | peak MB of a rank | MB summed an iteration | ms of gradients' sums | of it behind the computation |"
echo "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
for workload in search:cifar-resnet20:batch=128 train:cifar-resnet20:batch=128 search:resnet18:size=64:batch=32 train:resnet18:size=64:batch=32 \
    search:mobilenetv2:size=64:batch=32 train:mobilenetv2:size=64:batch=32; do
  for n in ${1:-1 2}; do
    ranks "$n" "$workload" --iterations "${2:-10}"
    if [ "$n" -gt 1 ]; then ranks "$n" "$workload" --iterations "${2:-10}" --local-norms; fi
  done
done
