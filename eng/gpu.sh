#!/usr/bin/env bash
# Measures searching and training on a GPU (ResNet-18, ResNet-50, MobileNetV2 1.5x at 224x224) with all that it needs:
#   eng/gpu.sh pack                   where the .NET SDK is: artifacts/gpu/dmcp-gpu.tar.gz, about 50 MB, with .NET in it and without libtorch
#   eng/gpu.sh run [--release DIR]    where the GPU is: in the unpacked archive (./gpu.sh run), or here with the SDK or the archive
#   eng/gpu.sh ranks [--out DIR]      only the last part of run: NCCL with one rank, MPI with two on one GPU (two minutes)
#   eng/gpu.sh compare --data DIR     whether the search pays (samples/Dmcp.Compare): DMCP against uniform widths on full CIFAR-10 (DIR/class/*.jpg),
#                                     VGG-16-BN and ResNet-56, three seeds. Hours; it goes on where it was stopped.
# The GPU's machine needs a libtorch with CUDA, of the version that TorchSharp 0.107 was built for (2.10) or one whose symbols fit: DMCP_TORCH_LIB
# is the folder of its libraries, by default that of Python's torch. No network, no .NET. (With packages: TorchSharpPackage=TorchSharp-cuda-linux
# eng/bench.sh run.) Options:
#   --release DIR    a checkout of github.com/Zx55/dmcp: takes turns with it too (needs Python's torch and PyYAML; PYTHON names another python3)
#   --out DIR        where table.md, measurements.json, versus-*.json, demo.txt and ranks.txt go (default: gpu-results here)
#   --size 224 --batch 64 --classes 1000 --matrix 8192 --rounds 3
#   --iterations N   of each measurement, 300 on a GPU: cuDNN plans every shape once, and a search meets new ones for hundreds of iterations
#   --device cpu     rehearses everything on the processor; take small sizes
#   --minutes N      after which compare stops, to go on in the next call (default: none)
#   --images 4500 --epochs 100 --search-epochs 40    of compare: training images of a class, epochs of a training and of a search
# The table's share of the measured rate is the share of the roofline: multiply-adds over time, against the faster of two matrix products
# of the same precision (float32; and TF32, to which libtorch lets convolutions of float32 be rounded). A GPU's memory is not measured: '-'.
# Run on the processor only so far: no GPU was at hand.
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
  rm -rf "$pack" "$archive"
  mkdir -p "$pack/peer"
  # An output of their own, so that the builds with libtorch are not disturbed. The copy of libLibTorchSharp.so also loads on older systems.
  for project in test/Microsoft.ML.Dmcp.Benchmarks test/Microsoft.ML.Dmcp.Tests.Ranks samples/Dmcp.Quickstart samples/Dmcp.Compare; do
    dotnet publish "$root/$project" -c Release -r linux-x64 --self-contained -o "$pack/app" -v quiet -nologo -clp:NoSummary --artifacts-path "$root/artifacts/gpu/build" \
      -p:TorchSharpPackage=none -p:DmcpLibTorchWarning=false -p:DmcpLoadableLibTorchSharp=true >&2 || fail "publishing $project failed."
  done
  # Weights of ResNet-18, more than all else together, which nothing here begins with.
  rm -rf "$pack/app/DnnImageModels"
  cp "$here/peer/search_iteration.py" "$pack/peer/"
  cp "$here/gpu.sh" "$here/environment.sh" "$pack/"
  tar -C "$(dirname "$pack")" -czf "$archive" "$(basename "$pack")"
  say "$archive, $(du -h "$archive" | cut -f1)"
}

# Reads the options, finds libtorch and the program, and checks that they fit together.
prepare() {
  release='' out=$PWD/gpu-results size=224 batch=64 classes=1000 matrix=8192 rounds=3 device=cuda iterations=
  data='' minutes='' images=4500 epochs=100 search_epochs=40
  while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || fail "$1 needs a value."
    case $1 in
      --release) release=$2 ;; --out) out=$2 ;; --size) size=$2 ;; --batch) batch=$2 ;; --classes) classes=$2 ;;
      --matrix) matrix=$2 ;; --rounds) rounds=$2 ;; --device) device=$2 ;; --iterations) iterations=$2 ;;
      --data) data=$2 ;; --minutes) minutes=$2 ;; --images) images=$2 ;; --epochs) epochs=$2 ;; --search-epochs) search_epochs=$2 ;;
      *) fail "there is no option $1; see the head of $0." ;;
    esac
    shift 2
  done
  [ -z "$data" ] || [ -d "$data" ] || fail "there is no folder '$data' (--data)."
  : "${iterations:=$([ "$device" = cuda ] && echo 300 || echo 10)}"

  libraries=${DMCP_TORCH_LIB:-$(cd / && "$python" -c 'import torch; print(torch.__path__[0] + "/lib")' 2>/dev/null || true)}
  [ -n "$libraries" ] || fail "no libtorch: set DMCP_TORCH_LIB to the folder of its libraries, or install Python's torch."
  [ -e "$libraries/libtorch_cpu.so" ] || fail "$libraries holds no libtorch_cpu.so (DMCP_TORCH_LIB)."
  case $device in
    cuda)
      { command -v nvidia-smi && nvidia-smi -L; } >&2 || fail "nvidia-smi finds no GPU; '--device cpu' rehearses on the processor."
      [ -e "$libraries/libtorch_cuda.so" ] || fail "the libtorch in $libraries is without CUDA (no libtorch_cuda.so)." ;;
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
  # For our programs only: Python finds its own.
  path=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  local missing; missing=$(LD_LIBRARY_PATH=$path ldd -r "$pack/app/libLibTorchSharp.so" 2>&1 | grep -E 'undefined symbol|not found' | grep -v 'weak version' | head -n 20 || true)
  [ -z "$missing" ] || { printf '%s\n' "$missing" >&2; fail "TorchSharp's native library does not fit the libtorch in $libraries: it lacks what is named above."; }
  benchmarks="env LD_LIBRARY_PATH=$path $pack/app/Microsoft.ML.Dmcp.Benchmarks"
  $benchmarks one matmul:size=64 --iterations 1 --seconds 0 | grep -q "\"Device\": \"$device\"" ||
    fail "libtorch does not compute on the device '$device': do its CUDA version and the driver fit together?"
  mkdir -p "$out"
}

measure() {
  local shape workloads kind network precision model peer
  shape=size=$size:batch=$batch:classes=$classes
  workloads=()
  for precision in float32 tf32 bfloat16; do workloads+=("matmul:size=$matrix:precision=$precision"); done
  for kind in search train; do
    for network in resnet18 resnet50 mobilenetv2@1.5; do workloads+=("$kind:$network:$shape" "$kind:$network:$shape:precision=bfloat16"); done
  done
  $benchmarks run "${workloads[@]}" --iterations "$iterations" --json "$out/measurements.json" | tee "$out/table.md"
  if [ -n "$release" ]; then
    for network in resnet18 resnet50 mobilenetv2@1.5; do
      model=${network%@*}
      say "$model against the release ..."
      peer="env -u LD_LIBRARY_PATH '$python' '$pack/peer/search_iteration.py' --release '$release' --model $model --device $device --size $size --batch $batch --classes $classes --iterations $iterations"
      for precision in float32 bfloat16; do
        $benchmarks versus "search:$network:$shape:precision=$precision" --rounds "$rounds" --iterations "$iterations" --json "$out/versus-$model-$precision.json" --command "$peer" | tee -a "$out/table.md"
      done
    done
  fi
  say "a small search from the images to the model ..."
  (cd "$out" && LD_LIBRARY_PATH=$path "$pack/app/Dmcp.Quickstart" --network cifar-resnet20 --image-size 32 --flops 50% --seeds 1 --search-epochs 2 --train-epochs 2 --output "$out/demo" 2>&1 | tee "$out/demo.txt")
}

# Uniform widths within the budget, the same trained for the epochs of the search too, and DMCP: what pays, in points of accuracy.
compare() {
  [ -n "$data" ] || fail "compare needs --data DIR, a folder of images with one folder a class."
  yardstick vgg16bn 0.03 parameters=0.1 flops=0.5,parameters=0.2
  # 2.1 times fewer FLOPs, at which published methods have 92.9 to 93.8 % on the test images, of all 50,000 to train on.
  yardstick cifar-resnet56 0.1 flops=0.476
}

# yardstick NETWORK LEARNING_RATE BUDGET...
yardstick() {
  local network=$1 rate=$2
  shift 2
  say "$network, budgets $* ..."
  env LD_LIBRARY_PATH="$path" "$pack/app/Dmcp.Compare" --data "$data" --network "$network" --budgets "$@" --methods dmcp --per-class "$images" \
    --held-out 500 --search-epochs "$search_epochs" --train-epochs "$epochs" --tune-epochs 0 --learning-rate "$rate" --seeds 1 2 3 \
    --output "$out/$network" ${minutes:+--time-limit "$minutes"}
}

# Ranks on one GPU: exchanges by NCCL with one, by MPI with two, and a search of two. In ranks.txt.
share() {
  local ranks=$pack/app/Microsoft.ML.Dmcp.Tests.Ranks nccl; nccl=$(cd "$libraries/../../nvidia/nccl/lib" 2>/dev/null && pwd || true)
  local environment=(env "LD_LIBRARY_PATH=$path${nccl:+:$nccl}" TERM=dumb)
  : >"$out/ranks.txt"
  if [ "$device" = cuda ]; then
    "${environment[@]}" "$ranks" exchange nccl 2>&1 | tee -a "$out/ranks.txt" || say "NCCL with one rank failed."
  fi
  command -v mpirun >/dev/null || { say "no mpirun: two ranks on one GPU are left out."; return; }
  local two=(mpirun --allow-run-as-root --oversubscribe -np 2 "${environment[@]}" "$ranks")
  "${two[@]}" exchange "$device" 2>&1 | tee -a "$out/ranks.txt" || say "the exchange of two ranks failed."
  "${two[@]}" fit epochs=2 2>&1 | tee -a "$out/ranks.txt" || say "the search of two ranks failed."
}

case ${1:-} in
  pack) pack ;;
  run) shift; prepare "$@"; measure; share; say "results: $out" ;;
  ranks) shift; prepare "$@"; share; say "results: $out" ;;
  compare) shift; prepare "$@"; compare; say "results: $out" ;;
  *) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2; exit 2 ;;
esac
