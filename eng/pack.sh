#!/usr/bin/env bash
# Makes the NuGet packages in artifacts/packages: Microsoft.ML.Dmcp, .Interop, .Reports, .Distributed and .AutoML, and their symbols; and
# the command dmcp, Microsoft.ML.Dmcp.Tool, with a package for every system (linux-x64, win-x64, osx-arm64: 160 to 220 MB, libtorch and a
# pre-trained network are in them).
# Options go to `dotnet pack`, such as -p:PackageVersion=0.2.0, or -p:ToolPackageRuntimeIdentifiers=linux-x64 for one system only.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
"$root/eng/setup.sh" --without-tests
. "$root/eng/environment.sh"
for project in Microsoft.ML.Dmcp{,.Interop,.Reports,.Distributed,.AutoML,.Tool}; do
  dotnet pack "$root/src/$project" -c Release --no-restore --nologo -v quiet -p:ContinuousIntegrationBuild=true -o "$root/artifacts/packages" "$@"
done
ls -l "$root"/artifacts/packages/*nupkg
