#!/usr/bin/env bash
# Prepares a machine to build this repository: finds out once which packages the feed has, and installs what the
# stand-ins of eng/compat need where it lacks some. Safe to run again; the answer is kept in .dmcp/ (not in git).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
record=$root/.dmcp/packages.props
cd "$root" # global.json decides which SDK runs
say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

command -v dotnet >/dev/null || fail "the .NET SDK 10 is missing. Install it from https://dot.net or your distribution (package dotnet-sdk-10.0)."
dotnet --version >/dev/null 2>&1 || fail "this repository needs the .NET SDK 10 (global.json); installed: $(cd / && dotnet --version 2>/dev/null || echo none)."

# 1. Which packages? DMCP_PACKAGES=nuget|compat decides; otherwise the feed is asked once.
if [ -n "${DMCP_PACKAGES:-}" ]; then
  choice=$DMCP_PACKAGES
  [ "$choice" = nuget ] || [ "$choice" = compat ] || fail "DMCP_PACKAGES is '$choice'; it must be 'nuget' or 'compat'."
elif [ -f "$record" ]; then
  choice=$(sed -n 's:.*<DmcpPackages>\(.*\)</DmcpPackages>.*:\1:p' "$record")
else
  probe=${TMPDIR:-/tmp}/dmcp-probe.log
  say "asking the package feed for Microsoft.ML, TorchSharp and Verify ..."
  if dotnet restore "$root/eng/probe/Probe.csproj" --nologo -v quiet -p:DmcpPackages=nuget >"$probe" 2>&1; then
    choice=nuget
  elif grep -qE 'NU110[0-9]|NU1603' "$probe"; then # packages or versions that the feed does not have
    choice=compat
  else
    tail -n 5 "$probe" >&2
    fail "the feed could not be asked (log: $probe). Check the network, or decide with DMCP_PACKAGES=nuget or DMCP_PACKAGES=compat."
  fi
fi
mkdir -p "$root/.dmcp"
printf '<Project>\n  <PropertyGroup>\n    <DmcpPackages>%s</DmcpPackages>\n  </PropertyGroup>\n</Project>\n' "$choice" >"$record.tmp"
mv "$record.tmp" "$record"
if [ "$choice" = nuget ]; then
  say "building with the real packages from the feed."
  exit 0
fi
say "the feed lacks some of the real packages (or they were refused); building with the stand-ins of eng/compat. (To ask again: remove .dmcp/.)"

# 2. What the stand-ins are built on: a C++ compiler, libtorch, stb.
missing=()
need() { [ -e "$1" ] || missing+=("$2"); }
command -v g++ >/dev/null || missing+=(g++)
command -v gcc >/dev/null || missing+=(gcc)
need /usr/include/stb/stb_image.h libstb-dev
if [ -n "${DMCP_TORCH_ROOT:-}" ]; then
  [ -d "$DMCP_TORCH_ROOT/include" ] && [ -d "$DMCP_TORCH_ROOT/lib" ] || fail "DMCP_TORCH_ROOT is '$DMCP_TORCH_ROOT', which holds no include/ and lib/ of libtorch."
  say "libtorch: $DMCP_TORCH_ROOT"
else
  need /usr/include/torch libtorch-dev
  # Without it Debian installs the reference BLAS, which is many times slower.
  ls /usr/lib/*/openblas-pthread/libblas.so.3 >/dev/null 2>&1 || missing+=(libopenblas0-pthread)
fi
if [ ${#missing[@]} -gt 0 ]; then
  command="apt-get install --no-install-recommends -y ${missing[*]}"
  command -v apt-get >/dev/null || fail "missing: ${missing[*]} (Debian's names). Install them by your system's means, or set DMCP_TORCH_ROOT to an unpacked libtorch."
  [ "$(id -u)" = 0 ] || fail "missing: ${missing[*]}. Run: sudo apt-get update && sudo $command"
  say "installing ${missing[*]} ..."
  log=${TMPDIR:-/tmp}/dmcp-apt.log
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive $command; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    fail "apt-get failed (log: $log). Check the network and the disk, then run this again."
  fi
fi
say "ready."
