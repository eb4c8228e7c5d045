#!/usr/bin/env bash
# Prepares a machine to build this repository and to run its tests: the .NET SDK 10 must be there, NuGet packages are restored here, and what
# tests need of Debian (Chromium, Open MPI, PostgreSQL) is installed where this runs as root on Debian or Ubuntu. --without-tests leaves the
# latter out; other options go to `dotnet restore`. Safe to run again.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/eng/environment.sh"
cd "$root" # global.json decides which SDK runs
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

command -v dotnet >/dev/null || fail "the .NET SDK 10 is missing. Install it from https://dot.net or your distribution (package dotnet-sdk-10.0)."
dotnet --version >/dev/null 2>&1 || fail "this repository needs the .NET SDK 10 (global.json); installed: $(cd / && dotnet --version 2>/dev/null || echo none)."
tests=yes
if [ "${1:-}" = --without-tests ]; then
  tests=no
  shift
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
printf 'setup: restoring packages (1.5 GB the first time: libtorch for all systems) ...\n'
if ! dotnet restore "$root/Microsoft.ML.Dmcp.sln" --nologo -v quiet "$@" >"$log" 2>&1; then
  grep -E 'error' "$log" | sort -u | head -n 10 >&2 || true
  fail "the packages could not be restored. Check the network, the feed in NuGet.config and the disk, then run this again."
fi
[ "$tests" = yes ] || exit 0
"$root/eng/browser.sh"
"$root/eng/postgres.sh" install

# For the tests of several ranks (src/Microsoft.ML.Dmcp.Distributed). Everything else does without.
if ! command -v mpirun.openmpi >/dev/null || ! command -v mpirun.mpich >/dev/null; then
  packages="openmpi-bin mpich"
  without="setup: Open MPI or MPICH is missing, so tests of several ranks are skipped (where CI is set they fail). Install both"
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    printf '%s, on Debian and Ubuntu: sudo apt-get install %s\n' "$without" "$packages"
  elif ! { apt-get install -y --no-install-recommends $packages || { apt-get update && apt-get install -y --no-install-recommends $packages; }; } \
      >"$log" 2>&1 </dev/null; then
    printf '%s: apt-get could not (%s)\n' "$without" "$(grep -m 1 '^E:' "$log" || tail -n 1 "$log")"
  else
    printf 'setup: installed %s, for the tests of several ranks\n' "$packages"
  fi
fi
