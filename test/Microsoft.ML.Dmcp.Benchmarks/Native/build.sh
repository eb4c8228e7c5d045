#!/usr/bin/env bash
# Builds search_iteration against Debian's libtorch and prints its path; does nothing when it is up to date.   build.sh OUTPUT
set -euo pipefail
source=$(cd "$(dirname "$0")" && pwd)
output=$1
fail() { printf 'bench: %s\n' "$*" >&2; exit 1; }

command -v g++ >/dev/null || fail "the C++ compiler is missing. Run: apt-get install --no-install-recommends g++"
header=$(dpkg -L libtorch-dev 2>/dev/null | grep '/torch/torch\.h$' || true)
[ -n "$header" ] || fail "libtorch's C++ headers are missing. Run: apt-get install --no-install-recommends libtorch-dev libopenblas0-pthread"
if [ -z "$(find "$output" -newer "$source/search_iteration.cpp" -newer "$source/networks.h" -newer "$source/operator_times.h" 2>/dev/null)" ]; then
  printf 'bench: compiling %s ...\n' "$(basename "$output")" >&2
  mkdir -p "$(dirname "$output")"
  g++ -std=c++17 -O2 -Wall -isystem "${header%/torch/torch.h}" "$source/search_iteration.cpp" -o "$output.new" -ltorch -ltorch_cpu -lc10
  mv "$output.new" "$output"
fi
printf '%s\n' "$output"
