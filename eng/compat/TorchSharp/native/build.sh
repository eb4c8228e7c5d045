#!/bin/sh
# Compiles shim.cpp against a libtorch:  build.sh SOURCE OUTPUT [ROOT]
# ROOT is the folder with include/ and lib/ of a libtorch: the unpacked official zip, or the torch folder of a Python
# wheel. Without it: the libtorch-dev package of the system.
set -eu
source=$1 output=$2 root=${3:-}
fail() { echo "$1" >&2; exit 3; }

command -v "${CXX:-g++}" >/dev/null || fail "no C++ compiler: install g++ (eng/setup.sh does)"
if [ -n "$root" ]; then
  root=$(cd "$root" 2>/dev/null && pwd) || fail "DMCP_TORCH_ROOT names a folder that does not exist: $3"
  include="$root/include" lib="$root/lib"
  config="$root/share/cmake/Torch/TorchConfig.cmake"
else
  include=/usr/include
  lib=$(dirname "$(ls /usr/lib/*/libtorch_cpu.so /usr/lib64/libtorch_cpu.so /usr/lib/libtorch_cpu.so 2>/dev/null | head -n 1)")
  config="$lib/cmake/Torch/TorchConfig.cmake"
fi
[ -f "$include/ATen/core/Tensor.h" ] && [ -f "$lib/libtorch_cpu.so" ] || fail "libtorch was not found under ${root:-/usr}: \
install it (apt-get install libtorch-dev; eng/setup.sh does), or set DMCP_TORCH_ROOT to a folder with its include/ and lib/"

# Which standard library ABI the libtorch was built with, and which language its headers want.
abi=$(sed -n 's/.*_GLIBCXX_USE_CXX11_ABI=\([01]\).*/\1/p' "$config" 2>/dev/null | head -n 1)
version=$include/torch/csrc/api/include/torch/version.h
major=$(sed -n 's/^#define TORCH_VERSION_MAJOR \([0-9]*\).*/\1/p' "$version")
minor=$(sed -n 's/^#define TORCH_VERSION_MINOR \([0-9]*\).*/\1/p' "$version")
std=c++17
[ "${major:-1}" -ge 2 ] && [ "${minor:-0}" -ge 9 ] && std=c++20

libs="-ltorch_cpu -lc10"
[ -f "$lib/libtorch_cuda.so" ] && libs="-ltorch_cuda -lc10_cuda $libs"
[ -f "$lib/libtorch.so" ] && libs="-ltorch $libs"

mkdir -p "$(dirname "$output")"
"${CXX:-g++}" -std=$std -O2 -fPIC -shared -fvisibility=hidden -w -D_GLIBCXX_USE_CXX11_ABI="${abi:-1}" \
  -I"$include" -I"$include/torch/csrc/api/include" "$source" -o "$output.new" \
  -L"$lib" -Wl,-rpath,"$lib" -Wl,--no-as-needed $libs
mv "$output.new" "$output"
