#!/usr/bin/env bash
# All tests, with the set-up that they need. Options go to `dotnet test`, such as --filter FullyQualifiedName~Markov.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
"$root/eng/setup.sh"
. "$root/eng/environment.sh"
exec dotnet test "$root/Microsoft.ML.Dmcp.sln" -c Release --no-restore --nologo -v quiet --logger "console;verbosity=minimal" --results-directory "$root/artifacts/test" --logger "trx;LogFilePrefix=tests" "$@"
