#!/usr/bin/env bash
# The main job on a fresh machine: prunes a network to half of its FLOPs and compares. Options go to samples/Dmcp.Quickstart:
#   eng/demo.sh                          the embedded data set, about 3 minutes
#   eng/demo.sh --data DIR               your images: DIR/class/*.jpg|png
#   eng/demo.sh --help                   all options
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
"$root/eng/setup.sh"
. "$root/eng/environment.sh"
project=$root/samples/Dmcp.Quickstart
printf 'demo: building ...\n'
if ! dotnet build "$project" -c Release --no-restore -v quiet -clp:NoSummary >"${TMPDIR:-/tmp}/dmcp-build.log" 2>&1; then
  grep -E 'error' "${TMPDIR:-/tmp}/dmcp-build.log" | sort -u | head -n 20 >&2 || true
  printf 'demo: the build failed (log: %s)\n' "${TMPDIR:-/tmp}/dmcp-build.log" >&2
  exit 1
fi
exec dotnet "$project/bin/Release/net10.0/Dmcp.Quickstart.dll" "$@"
