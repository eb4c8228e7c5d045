#!/usr/bin/env bash
# Measures the library's speed, each workload in a process of its own (test/Microsoft.ML.Dmcp.Benchmarks):
#   eng/bench.sh run                                   everything: a table on the console
#   eng/bench.sh run predict model --json FILE         some, also as JSON
#   eng/bench.sh versus search-resnet18 --command "python3 peer.py"   takes turns with any other command and prints the ratios
#   eng/bench.sh list                                  the workloads
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
"$root/eng/setup.sh"
. "$root/eng/environment.sh"
project=$root/test/Microsoft.ML.Dmcp.Benchmarks
dotnet build "$project" -c Release -v quiet -clp:NoSummary >&2
exec dotnet "$project/bin/Release/net10.0/Microsoft.ML.Dmcp.Benchmarks.dll" "${@:-run}"
