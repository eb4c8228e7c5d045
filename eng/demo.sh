#!/usr/bin/env bash
# Prunes a pre-trained image classifier to a budget with DMCP, inside an ML.NET pipeline, and compares it with the unpruned network and
# with one narrowed uniformly to the same FLOPs: FLOPs, parameters, size, time of a prediction, accuracy, with three seeds.
#
#   eng/demo.sh                                    drawn shapes, ResNet-18 of ImageNet to a tenth of its FLOPs: about 4 minutes, 2 cores
#   eng/demo.sh --data DIR --image-size 96         your images, one folder a class: DIR/class/*.jpg|png
#   eng/demo.sh --network cifar-resnet20 --image-size 32 --flops 50% --search-epochs 20 --train-epochs 24     from fresh weights
#
# The first time, packages come first (1.5 GB, minutes). Ctrl-C stops a run; the same command again resumes where it was.
#
#   --data DIR           your images; drawn shapes without it
#   --output DIR         where models, the channel config, the plot and checkpoints go [artifacts/demo]
#   --network NAME       what is pruned [pretrained-resnet18]: that is trained on ImageNet; the others begin with fresh weights:
#                        cifar-resnet20, cifar-resnet32, cifar-resnet44, cifar-resnet56, cifar-resnet110, cifar-mobilenetv2 for small
#                        images; resnet18, resnet34, resnet50, mobilenetv2, mobilenetv3-large, densenet121, vgg16bn for larger ones;
#                        '@0.5' behind a name scales its widths
#   --flops SHARE        of the network's FLOPs that the pruned one may use [0.1]: 0.1 or 10%
#   --image-size N       side in pixels to which images are resized [64]
#   --per-class N        training images of a class at most, others are left out [1000]
#   --held-out N         images of a class held out to measure accuracy; without it 100 of drawn shapes, and of your images a fifth of
#                        the smallest class, 200 at most
#   --search-epochs N    passes over the training images in the search [3]
#   --train-epochs N     and in each training [5]
#   --batch-size N       images of a step [32]
#   --precision NAME     numbers that training computes with: Single or BFloat16, faster on some processors [Single]
#   --seed N             seed of everything random [1]
#   --seeds N            how often everything is done, with other seeds [3]
#   --tensorboard DIR    curves for TensorBoard (tensorboard --logdir DIR)
#   --fresh              discards what an interrupted run left in --output
#   --help               this text
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
for option in "$@"; do
  case $option in
    -h | -\? | --help)
      sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"
      exit ;;
  esac
done
project=$root/samples/Dmcp.Quickstart
if [ -f "$project/obj/project.assets.json" ]; then
  "$root/eng/setup.sh" --without-tests >/dev/null
else
  printf 'demo: the first run gets packages (1.5 GB, some minutes) and builds (about a minute); later ones start in seconds.\n'
  "$root/eng/setup.sh" --without-tests
fi
. "$root/eng/environment.sh"
printf 'demo: building ...\n'
log=${TMPDIR:-/tmp}/dmcp-build.log
if ! dotnet build "$project" -c Release --no-restore -v quiet -clp:NoSummary >"$log" 2>&1; then
  grep -E 'error' "$log" | sort -u | head -n 20 >&2 || true
  printf 'demo: the build failed (log: %s)\n' "$log" >&2
  exit 1
fi
exec "${allocator[@]}" dotnet "$project/bin/Release/net10.0/Dmcp.Quickstart.dll" "$@"
