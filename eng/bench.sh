#!/usr/bin/env bash
# Measures the library's speed, each workload in a process of its own (test/Microsoft.ML.Dmcp.Benchmarks):
#   eng/bench.sh run                                   everything: a table on the console
#   eng/bench.sh run predict model --json FILE         some, also as JSON
#   eng/bench.sh run conv-rate search                  searches, with their share of this machine's rate of convolutions
#   eng/bench.sh run search:cifar-resnet56@0.5:size=32:batch=64:classes=100   any other network, image size, batch and classes
#   eng/bench.sh versus search:resnet18 --command "python3 peer.py"   takes turns with any other command and prints the ratios
#   eng/bench.sh growth                                how time and memory grow with width, depth, batch and classes
#   eng/bench.sh endurance --iterations 2000           whether memory grows in a long search
#   eng/bench.sh native                                builds the same search iteration in C++ on libtorch and prints the program's path;
#   eng/bench.sh versus search:resnet18 --command "$(eng/bench.sh native) resnet18"   then says what C# costs
#   eng/bench.sh list                                  the workloads
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
if [ "${1:-}" = native ]; then
  exec "$root/test/Microsoft.ML.Dmcp.Benchmarks/Native/build.sh" "$root/artifacts/native/search_iteration"
fi
"$root/eng/setup.sh"
. "$root/eng/environment.sh"
project=$root/test/Microsoft.ML.Dmcp.Benchmarks
dotnet build "$project" -c Release -v quiet -clp:NoSummary >&2
exec dotnet "$project/bin/Release/net10.0/Microsoft.ML.Dmcp.Benchmarks.dll" "${@:-run}"
