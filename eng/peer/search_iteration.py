#!/usr/bin/env python3
"""Times one search iteration of the authors' release (github.com/Zx55/dmcp, MIT licence, not part of this repository) on random data:
its own runner, models, losses and optimizers, driven as its main.py drives them. The last line is the median, in milliseconds.

    search_iteration.py --release DIR --model resnet18 [--size 64] [--batch 32] [--classes 100] [--threads 2] [--device cpu]
"""
import argparse
import logging
import os
import resource
import statistics
import sys
import time
import types

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--release", required=True, help="folder of a checkout of github.com/Zx55/dmcp")
parser.add_argument("--model", required=True, choices=["resnet18", "resnet50", "mobilenetv2"])
parser.add_argument("--size", type=int, default=64)
parser.add_argument("--batch", type=int, default=32)
parser.add_argument("--classes", type=int, default=100)
parser.add_argument("--threads", type=int, default=os.cpu_count())
parser.add_argument("--iterations", type=int, default=10)
parser.add_argument("--seconds", type=float, default=3)
parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
parser.add_argument("--profile", action="store_true", help="also print where the time goes, operator by operator")
args = parser.parse_args()

import torch  # noqa: E402


class Dictionary(dict):
    """What the release takes from easydict."""

    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__


def of(value):
    return Dictionary({k: of(v) for k, v in value.items()}) if isinstance(value, dict) else value


# Modules that the release imports, of which nothing runs here.
for name in ["easydict", "tensorboardX", "matplotlib", "matplotlib.pyplot", "matplotlib.backends", "matplotlib.backends.backend_pdf"]:
    stub = types.ModuleType(name)
    stub.__getattr__ = lambda attribute: of
    sys.modules.setdefault(name, stub)
sys.path.insert(0, args.release)
import yaml  # noqa: E402

import utils.tools as tools  # noqa: E402
from runner import dmcp_runner, us_runner  # noqa: E402
from utils.meter import AverageMeter  # noqa: E402


def accuracy(output, target, top_k=(1,)):
    """The release's, which views what PyTorch has not let be viewed since 1.5."""
    correct = output.topk(max(top_k), 1, True, True)[1].t().eq(target.view(1, -1))
    return [correct[:k].reshape(-1).float().sum(0, keepdim=True).mul_(100.0 / target.size(0)) for k in top_k]


us_runner.accuracy = dmcp_runner.accuracy = accuracy

torch.set_num_threads(args.threads)
torch.manual_seed(1)
folder = {"resnet18": "res18", "resnet50": "res50", "mobilenetv2": "mbv2"}[args.model]
with open(os.path.join(args.release, "config", folder, "dmcp.yaml")) as file:
    config = of(yaml.safe_load(file))
config.distributed.enable = False
config.model.kwargs.update(num_classes=args.classes, input_size=args.size)
config.dataset.update(num_classes=args.classes, input_size=args.size, batch_size=args.batch)
config.lr_scheduler.max_iter = config.arch_lr_scheduler.max_iter = 1000
config.lr_scheduler.update(base_lr=0.01, warmup_lr=0.01, min_lr=0.001, warmup_steps=0)
config.arch_lr_scheduler.warmup_steps = 0
config.arch.start_train = 0
if args.device == "cpu":
    torch.nn.Module.cuda = lambda self, device=None: self
logging.disable(logging.CRITICAL)

runner = tools.get_model(config)
model = runner.get_model()
x = torch.randn(args.batch, 3, args.size, args.size, device=args.device)
y = torch.randint(args.classes, (args.batch,), device=args.device)
with torch.no_grad():
    for alpha in model.module.arch_parameters():
        alpha.fill_(2.0)
    config.arch.target_flops = 0.5 * float(model.module.expected_flops(args.size, args.size))
optimizer = tools.get_optimizer(model, config)
schedule = (tools.get_lr_scheduler(optimizer[0], config.lr_scheduler), tools.get_lr_scheduler(optimizer[1], config.arch_lr_scheduler))
meters = [[AverageMeter(50) for _ in range(3)] for _ in range(3)] + [AverageMeter(50) for _ in range(5)]
criterions = runner._get_criterion()
runner._sample_width()
model.train()


def iterate():
    start = time.perf_counter()
    runner._train_one_batch(x, y, optimizer, schedule, meters, criterions, time.time())
    if args.device == "cuda":
        torch.cuda.synchronize()
    return 1000 * (time.perf_counter() - start)


for _ in range(3):
    iterate()
if args.profile:
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profile:
        for _ in range(5):
            iterate()
    print(profile.key_averages().table(sort_by="self_cpu_time_total", row_limit=25))
times = []
while len(times) < args.iterations or sum(times) < 1000 * args.seconds:
    times.append(iterate())
memory = torch.cuda.max_memory_allocated() / 2**20 if args.device == "cuda" else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{args.model}, {args.size}x{args.size}, batch {args.batch}: median of {len(times)} iterations; peak memory {memory:.0f} MB")
print(f"{statistics.median(times):.2f}")
