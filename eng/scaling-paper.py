#!/usr/bin/env python3
"""Scaling on paper: the formula of src/Microsoft.ML.Dmcp.Distributed/README.md, and its tables."""
from math import ceil, log2

# Bytes of the gradients, batch norms, buckets (torchvision's networks with 1,000 classes).
NETWORKS = {"ResNet-50": (102.2e6, 53, 13), "MobileNetV2": (14.0e6, 52, 8)}
# Shares of an iteration. A search computes 7/3 as much as a training; its last backward pass is that of a random sub-network (2/3 of 1/3
# of a training's), a training's is 2/3 of all.
WORK = {"retraining": (1, 2 / 3, 1), "search": (7 / 3, 2 / 3 / 7, 5)}  # work, share of the last backward pass, passes with batch norms
NETS_100G = (11e9, 5e-6)  # bytes a second and seconds a message
NETS_10G = (1.1e9, 30e-6)


def iteration(network, what, ranks, batch, rate, wire, synchronized=True, compression=1.0):
    size, norms, buckets = NETWORKS[network]
    work, behind, passes = WORK[what]
    bandwidth, latency = wire
    steps = ceil(log2(ranks)) if ranks > 1 else 0
    compute = work * batch / ranks / rate
    sums = 2 * (ranks - 1) / ranks * size * compression / bandwidth + 2 * buckets * steps * latency
    seen = max(0, sums - behind * compute)
    messages = 2 * passes * norms * steps * latency if synchronized else 0
    return compute, sums, seen, messages, compute / (compute + seen + messages)


def row(network, what, ranks, batch, rate, wire, name, **options):
    compute, sums, seen, messages, efficiency = iteration(network, what, ranks, batch, rate, wire, **options)
    print(f"| {network}, {what}{name} | {ranks:,} | {batch:,} | {1e3 * compute:.0f} | {1e3 * sums:.0f} | {1e3 * seen:.0f} "
          f"| {1e3 * messages:.0f} | {100 * efficiency:.0f} % |")


def most(network, what, batch, rate, wire, **options):
    """The most ranks that a batch pays for: each does half of what one alone does, or more."""
    return max(n for n in range(1, 4001) if iteration(network, what, n, batch, rate, wire, **options)[4] >= 0.5)


for compression, how in ((1, ""), (4, ", gradients in 8 bits")):
    for name, channels in (("ResNet-50", 26560), ("MobileNetV2", 17056)):
        gradients = NETWORKS[name][0] / compression / 1e6
        norms = {what: 2 * passes * 16 * channels / 1e6 for what, (_, _, passes) in WORK.items()}
        sent = [2 * (n - 1) / n * (gradients + norms[what]) for n, what in ((8, "search"), (32, "retraining"), (1000, "search"))]
        print(f"| {name}{how} | {gradients:.1f} | {norms['retraining']:.1f} | {norms['search']:.1f} | " +
              " | ".join(f"{s:.0f}" for s in sent) + " |")
print()
for name, rate in (("ResNet-50", 400), ("MobileNetV2", 1200)):
    for what, ranks in (("search", 8), ("retraining", 32)):
        row(name, what, ranks, 64 * ranks, rate, NETS_100G, ", 100 Gb/s")
        row(name, what, ranks, 64 * ranks, rate, NETS_10G, ", 10 Gb/s")
print()
for name, rate in (("ResNet-50", 150), ("MobileNetV2", 640)):
    for ranks, batch in ((100, 8192), (1000, 8192), (1000, 32000)):
        row(name, "retraining", ranks, batch, rate, NETS_10G, "")
        row(name, "search", ranks, batch, rate, NETS_10G, "")
        row(name, "search", ranks, batch, rate, NETS_10G, ", norms of each rank", synchronized=False)
print()
for name, rate in (("ResNet-50", 150), ("MobileNetV2", 640)):
    for what in ("retraining", "search"):
        cells = [most(name, what, batch, rate, NETS_10G, **options) for batch in (512, 2048, 8192)
                 for options in ({}, {"synchronized": False}, {"synchronized": False, "compression": 0.25})]
        print(f"| {name}, {what} | " + " | ".join(f"{c:,}" for c in cells) + " |")
