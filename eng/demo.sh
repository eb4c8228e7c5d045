#!/usr/bin/env bash
# Prunes an image classifier to a budget with DMCP, inside an ML.NET pipeline, and compares it with the unpruned network and with
# one narrowed uniformly to the same FLOPs: FLOPs, parameters, size, time of a prediction, accuracy.
#
#   eng/demo.sh                                    drawn shapes, CIFAR ResNet-20 to half of its FLOPs: 3 to 5 minutes on 2 cores
#   eng/demo.sh --seeds 3                          each network trained three times, mean and spread: about 10 minutes
#   eng/demo.sh --data DIR --network resnet18 --image-size 64       your images, one folder a class: DIR/class/*.jpg|png
#   eng/demo.sh --flops 25% --search-epochs 60 --train-epochs 80    a smaller budget, and long enough to mean something
#
# The first time, packages come first (1.5 GB, minutes). Ctrl-C stops a run; the same command again resumes where it was.
#
#   --data DIR           your images; drawn shapes without it
#   --output DIR         where models, the channel config, the plot and checkpoints go [artifacts/demo]
#   --network NAME       what is pruned [cifar-resnet20]: cifar-resnet20, cifar-resnet32, cifar-resnet44, cifar-resnet56, cifar-resnet110,
#                        cifar-mobilenetv2 for small images; resnet18, resnet34, resnet50, mobilenetv2, mobilenetv3-large, densenet121,
#                        vgg16bn for larger ones; '@0.5' behind a name scales its widths
#   --flops SHARE        of the network's FLOPs that the pruned one may use [0.5]: 0.5 or 50%
#   --image-size N       side in pixels to which images are resized [32]
#   --per-class N        training images of a class at most, others are left out [1000]
#   --held-out N         images of a class held out to measure accuracy; without it 200 of drawn shapes, and of your images a fifth of
#                        the smallest class, 200 at most
#   --search-epochs N    passes over the training images in the search [10]
#   --train-epochs N     and in each training [12]
#   --batch-size N       images of a step [64]
#   --precision NAME     numbers that training computes with: Single or BFloat16, faster on some processors [Single]
#   --seed N             seed of everything random [1]
#   --seeds N            how often each network is trained, with other seeds [1]
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
exec dotnet "$project/bin/Release/net10.0/Dmcp.Quickstart.dll" "$@"
