#!/usr/bin/env bash
# Makes the NuGet package in artifacts/packages: Microsoft.ML.Dmcp.nupkg, and its symbols. Options go to `dotnet pack`, such as -p:PackageVersion=0.2.0.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
"$root/eng/setup.sh"
. "$root/eng/environment.sh"
dotnet pack "$root/src/Microsoft.ML.Dmcp" -c Release --no-restore --nologo -v quiet -p:ContinuousIntegrationBuild=true -o "$root/artifacts/packages" "$@"
ls -l "$root"/artifacts/packages/*nupkg
