#!/usr/bin/env bash
# Measures searching and training on a GPU (ResNet-18, ResNet-50, MobileNetV2 1.5x at 224x224) with all that it needs:
#   eng/gpu.sh pack                   where the .NET SDK is: artifacts/gpu/dmcp-gpu.tar.gz, about 40 MB, with .NET in it
#   eng/gpu.sh run [--release DIR]    where the GPU is: in the unpacked archive (./gpu.sh run), or here with the SDK or the archive
# The GPU's machine needs g++ and a libtorch with CUDA: DMCP_TORCH_ROOT is its folder with include/ and lib/, by default that of
# Python's torch. No network, no .NET. Options of run:
#   --release DIR    a checkout of github.com/Zx55/dmcp: takes turns with it too (needs Python's torch and PyYAML; PYTHON names another python3)
#   --out DIR        where table.md, measurements.json and versus-*.json go (default: gpu-results here)
#   --size 224 --batch 64 --classes 1000 --matrix 8192 --rounds 3
#   --iterations N   of each measurement, 300 on a GPU: cuDNN plans every shape once, and a search meets new ones for hundreds of iterations
#   --device cpu     rehearses everything on the processor; take small sizes, and Debian's libtorch if there is no other
# The table's share of the measured rate is the share of the roofline: multiply-adds over time, against the faster of two matrix products
# of the same precision (float32; and TF32, to which libtorch lets convolutions of float32 be rounded). A GPU's memory is not told: '-'.
# Proven on the processor only: nobody has run this on a GPU yet.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
say() { printf 'gpu: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
if [ -d "$here/app" ]; then pack=$here; else pack=$(cd "$here/.." && pwd)/artifacts/gpu/dmcp-gpu; fi
archive=$pack.tar.gz
python=${PYTHON:-python3}

pack() {
  [ "$pack" != "$here" ] || fail "this is the unpacked archive already; pack works in the repository."
  local root; root=$(cd "$here/.." && pwd)
  "$here/setup.sh" >&2
  grep -q '<DmcpPackages>compat<' "$root/.dmcp/packages.props" || fail "this build uses the real packages: reference TorchSharp-cuda-linux and use eng/bench.sh there instead."
  rm -rf "$pack" "$archive"
  mkdir -p "$pack/native" "$pack/peer"
  dotnet publish "$root/test/Microsoft.ML.Dmcp.Benchmarks" -c Release -r linux-x64 --self-contained -o "$pack/app" -v quiet -nologo -clp:NoSummary >&2 ||
    fail "publishing failed (does the feed have Microsoft.NETCore.App.Runtime.linux-x64?)."
  rm "$pack/app/libTorchSharpShim.so" # run makes its own
  cp "$here/compat/TorchSharp/native/shim.cpp" "$here/compat/TorchSharp/native/build.sh" "$pack/native/"
  cp "$here/peer/search_iteration.py" "$pack/peer/"
  cp "$here/gpu.sh" "$here/environment.sh" "$pack/"
  tar -C "$(dirname "$pack")" -czf "$archive" "$(basename "$pack")"
  say "$archive, $(du -h "$archive" | cut -f1)"
}

run() {
  release='' out=$PWD/gpu-results size=224 batch=64 classes=1000 matrix=8192 rounds=3 device=cuda iterations=
  while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || fail "$1 needs a value."
    case $1 in
      --release) release=$2 ;; --out) out=$2 ;; --size) size=$2 ;; --batch) batch=$2 ;; --classes) classes=$2 ;;
      --matrix) matrix=$2 ;; --rounds) rounds=$2 ;; --device) device=$2 ;; --iterations) iterations=$2 ;;
      *) fail "there is no option $1; see the head of $0." ;;
    esac
    shift 2
  done

  : "${iterations:=$([ "$device" = cuda ] && echo 300 || echo 10)}"

  local root=${DMCP_TORCH_ROOT:-$(cd / && "$python" -c 'import torch; print(torch.__path__[0])' 2>/dev/null || true)}
  [ -n "$root" ] || fail "no libtorch: set DMCP_TORCH_ROOT to a folder with its include/ and lib/, or install Python's torch."
  [ -d "$root/include" ] && [ -d "$root/lib" ] || fail "$root holds no include/ and lib/ of a libtorch (DMCP_TORCH_ROOT)."
  command -v g++ >/dev/null || fail "g++ is missing."
  case $device in
    cuda)
      { command -v nvidia-smi && nvidia-smi -L; } >&2 || fail "nvidia-smi finds no GPU; '--device cpu' rehearses on the processor."
      [ -e "$root/lib/libtorch_cuda.so" ] || fail "the libtorch in $root is without CUDA (no lib/libtorch_cuda.so)." ;;
    cpu)
      say "a rehearsal: everything runs on the processor."
      export CUDA_VISIBLE_DEVICES= ;;
    *) fail "--device is cuda or cpu." ;;
  esac
  if [ -n "$release" ]; then
    [ -f "$release/main.py" ] || fail "$release is no checkout of github.com/Zx55/dmcp (no main.py)."
    "$python" -c 'import torch, yaml' || fail "the release needs torch and PyYAML in $python."
  fi

  if [ "$pack" != "$here" ]; then
    if command -v dotnet >/dev/null; then
      pack
    else
      [ -f "$archive" ] || fail "neither $archive nor the .NET SDK is here: make the archive with 'eng/gpu.sh pack' elsewhere and copy it."
      tar -C "$(dirname "$archive")" -xzf "$archive"
    fi
  fi
  . "$pack/environment.sh"
  say "compiling the shim over the libtorch in $root ..."
  sh "$pack/native/build.sh" "$pack/native/shim.cpp" "$pack/app/libTorchSharpShim.so" "$root"
  benchmarks=$pack/app/Microsoft.ML.Dmcp.Benchmarks
  "$benchmarks" one matmul:size=64 --iterations 1 --seconds 0 | grep -q "\"Device\": \"$device\"" ||
    fail "libtorch does not compute on the device '$device': do its CUDA version and the driver fit together?"

  mkdir -p "$out"
  shape=size=$size:batch=$batch:classes=$classes
  workloads=()
  for precision in float32 tf32 bfloat16; do workloads+=("matmul:size=$matrix:precision=$precision"); done
  for kind in search train; do
    for network in resnet18 resnet50 mobilenetv2@1.5; do workloads+=("$kind:$network:$shape" "$kind:$network:$shape:precision=bfloat16"); done
  done
  "$benchmarks" run "${workloads[@]}" --iterations "$iterations" --json "$out/measurements.json" | tee "$out/table.md"
  if [ -n "$release" ]; then
    for network in resnet18 resnet50 mobilenetv2@1.5; do
      model=${network%@*}
      say "$model against the release ..."
      peer="'$python' '$pack/peer/search_iteration.py' --release '$release' --model $model --device $device --size $size --batch $batch --classes $classes --iterations $iterations"
      for precision in float32 bfloat16; do
        "$benchmarks" versus "search:$network:$shape:precision=$precision" --rounds "$rounds" --iterations "$iterations" --json "$out/versus-$model-$precision.json" --command "$peer" | tee -a "$out/table.md"
      done
    done
  fi
  say "results: $out"
}

case ${1:-} in
  pack) pack ;;
  run) shift; run "$@" ;;
  *) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2; exit 2 ;;
esac
