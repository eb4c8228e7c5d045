#!/usr/bin/env bash
# All tests, with the set-up that they need. Options go to `dotnet test`, such as --filter FullyQualifiedName~Markov.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
"$root/eng/setup.sh"
. "$root/eng/environment.sh"
solution=$root/Microsoft.ML.Dmcp.sln
options=(-c Release --no-restore --nologo -v quiet --logger "console;verbosity=minimal" --results-directory "$root/artifacts/test")
[ $# -eq 0 ] || exec dotnet test "$solution" "${options[@]}" --logger "trx;LogFilePrefix=tests" "$@"

# Two processes take half of the time of one. Their tests are too small for two threads; those that are about threads ask for them.
dotnet build "$solution" -c Release --no-restore --nologo -v quiet -clp:NoSummary
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
here= elsewhere=
for folder in Budgets Channels Data Estimators Interop Networks Search Training; do
  here+="${here:+|}FullyQualifiedName~Dmcp.Tests.$folder."
  elsewhere+="${elsewhere:+&}FullyQualifiedName!~Dmcp.Tests.$folder."
done
dotnet test "$root/test/Microsoft.ML.Dmcp.Tests" --no-build "${options[@]}" --logger "trx;LogFilePrefix=here" --filter "$here" &
first=$!
dotnet test "$solution" --no-build "${options[@]}" --logger "trx;LogFilePrefix=elsewhere" --filter "$elsewhere" &
second=$!
trap 'kill $first $second' INT TERM
status=0
wait $first || status=$?
wait $second || status=$?
exit $status
