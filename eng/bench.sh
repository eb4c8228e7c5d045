#!/usr/bin/env bash
# Measures the library's speed, each workload in a process of its own (test/Microsoft.ML.Dmcp.Benchmarks):
#   eng/bench.sh run                                   everything: a table on the console
#   eng/bench.sh run predict model --json FILE         some, also as JSON
#   eng/bench.sh run conv-rate search                  searches, with their share of this machine's rate of convolutions
#   eng/bench.sh run search:cifar-resnet56@0.5:size=32:batch=64:classes=100   any other network, image size, batch and classes
#   eng/bench.sh versus search:resnet18 --command "python3 peer.py"   takes turns with any other command and prints the ratios
#   eng/bench.sh growth                                how time and memory grow with width, depth, batch and classes
#   eng/bench.sh endurance --iterations 2000           whether memory grows in a long search
#   eng/bench.sh managed search:resnet18               share of the training thread's time that is spent in managed code, the runtime and the bindings (perf)
#   eng/bench.sh list                                  the workloads
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
"$root/eng/setup.sh" --without-tests
. "$root/eng/environment.sh"
project=$root/test/Microsoft.ML.Dmcp.Benchmarks
dotnet build "$project" -c Release -v quiet -clp:NoSummary >&2
program=$project/bin/Release/net10.0/Microsoft.ML.Dmcp.Benchmarks.dll
if [ "${1:-}" = managed ]; then
  command -v perf >/dev/null || { echo "eng/bench.sh managed needs perf: apt-get install linux-perf" >&2; exit 1; }
  samples=$(mktemp)
  trap 'rm -f "$samples"' EXIT
  perf record -q -F 499 -e cpu-clock -o "$samples" -- dotnet "$program" one "${2:-search:resnet18}" --iterations 60 --seconds 20 >/dev/null
  # The training thread is the busiest one; its first 5 seconds are start-up. Jitted code lies in 'memfd:doublemapper', precompiled code in DLLs.
  perf script -i "$samples" -F tid,time,ip,dso 2>/dev/null | awk '
    { n++; thread[n] = $1; time[n] = $2 + 0; object[n] = $0; count[$1]++; if (!first) first = time[n]; if (count[$1] > count[busiest]) busiest = $1 }
    END {
      for (i = 1; i <= n; i++) if (thread[i] == busiest && time[i] > first + 5) { all++; if (object[i] ~ /coreclr|clrjit|doublemapper|\.dll\)|System\.Native|TorchSharp/) managed++ }
      printf "%.1f %% of %d samples of the training thread are in managed code, the runtime and the bindings\n", 100 * managed / all, all
    }'
  exit
fi
[ ${#allocator[@]} -gt 0 ] || echo "bench: with glibc's malloc; apt-get install libtcmalloc-minimal4 for less memory and time" >&2
exec "${allocator[@]}" dotnet "$program" "${@:-run}"
