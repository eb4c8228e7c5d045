#!/usr/bin/env bash
# Makes the NuGet packages in artifacts/packages: Microsoft.ML.Dmcp, its Interop and AutoML, and their symbols.
# Options go to `dotnet pack`, such as -p:PackageVersion=0.2.0.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
"$root/eng/setup.sh" --without-tests
. "$root/eng/environment.sh"
for project in Microsoft.ML.Dmcp Microsoft.ML.Dmcp.Interop Microsoft.ML.Dmcp.AutoML; do
  dotnet pack "$root/src/$project" -c Release --no-restore --nologo -v quiet -p:ContinuousIntegrationBuild=true -o "$root/artifacts/packages" "$@"
done
ls -l "$root"/artifacts/packages/*nupkg
