#!/usr/bin/env bash
# Prepares a machine to build and test this repository: the .NET SDK 10 must be there, all else are NuGet packages, which are restored here,
# and PostgreSQL and Chromium for some of the tests, which are installed where this runs as root on Debian.
# --without-tests leaves that out; other options go to `dotnet restore`. Safe to run again.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/eng/environment.sh"
cd "$root" # global.json decides which SDK runs
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

command -v dotnet >/dev/null || fail "the .NET SDK 10 is missing. Install it from https://dot.net or your distribution (package dotnet-sdk-10.0)."
dotnet --version >/dev/null 2>&1 || fail "this repository needs the .NET SDK 10 (global.json); installed: $(cd / && dotnet --version 2>/dev/null || echo none)."
if [ "${1:-}" = --without-tests ]; then
  shift
else
  "$root/eng/postgres.sh" install
  if [ ! -x "${CHROMIUM:-/usr/bin/chromium}" ]; then
    if [ "$(id -u)" = 0 ] && apt-cache show chromium >/dev/null 2>&1; then
      printf 'setup: installing Chromium for the tests of the page (apt-get install chromium) ...\n'
      DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium >/dev/null 2>&1 ||
        printf 'setup: it could not be installed: tests that need it are skipped, and fail where CI=true.\n'
    else
      printf 'setup: there is no Chromium: the tests of the page are skipped. Debian: sudo apt-get install chromium; CHROMIUM names another one.\n'
    fi
  fi
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
printf 'setup: restoring packages (1.5 GB the first time: libtorch for all systems) ...\n'
if ! dotnet restore "$root/Microsoft.ML.Dmcp.sln" --nologo -v quiet "$@" >"$log" 2>&1; then
  grep -E 'error' "$log" | sort -u | head -n 10 >&2 || true
  fail "the packages could not be restored. Check the network, the feed in NuGet.config and the disk, then run this again."
fi
