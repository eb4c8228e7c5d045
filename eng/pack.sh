#!/usr/bin/env bash
# Makes the NuGet packages in artifacts/packages: Microsoft.ML.Dmcp, Microsoft.ML.Dmcp.Interop and Microsoft.ML.Dmcp.Distributed, and their
# symbols.
# Options go to `dotnet pack`, such as -p:PackageVersion=0.2.0.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
"$root/eng/setup.sh"
. "$root/eng/environment.sh"
for project in Microsoft.ML.Dmcp Microsoft.ML.Dmcp.Interop Microsoft.ML.Dmcp.Distributed; do
  dotnet pack "$root/src/$project" -c Release --no-restore --nologo -v quiet -p:ContinuousIntegrationBuild=true -o "$root/artifacts/packages" "$@"
done
ls -l "$root"/artifacts/packages/*nupkg
