"""Writes the test fixtures of the authors' release: state dicts of two small pruned networks, made by its own classes, with their scores.

Made with torch 1.13 and NumPy 1.24 (Debian's python3-torch and python3-numpy) and github.com/Zx55/dmcp at 2076f03:
    /usr/bin/python3 eng/release-fixtures.py DMCP test/Microsoft.ML.Dmcp.Tests/Interop/Release
"""
import os
import sys

import numpy as np
import torch
from torch import nn

CLASSES, SIZE = 4, 32


def mobilenet_widths():
    # Every stage has widths of its own: where those of a block are equal, the release adds a shortcut.
    widths, last, block = {"conv1": 8, "conv_last": (15, 8)}, 8, 0
    for stage, blocks in enumerate([1, 2, 3, 4, 3, 3, 1]):
        for _ in range(blocks):
            inner = last if block == 0 else 6
            widths[str(block)] = {"conv2": (inner, inner), "conv3": (inner, 9 + stage)}
            if block > 0:
                widths[str(block)]["conv1"] = (last, 6)
            last, block = 9 + stage, block + 1
    return widths


def resnet_widths():
    stages = {f"layer{s}": {str(b): {"conv1": (8, 8), "conv2": (8, 8)} for b in range(2)} for s in range(1, 5)}
    return {"conv1": 8, "fc": 8, **stages}


def main(release, folder):
    sys.path.insert(0, release)
    from models import adaptive
    torch.manual_seed(1)
    for name, widths, make in [("mbv2", mobilenet_widths(), adaptive.adaptive_mobilenet_v2),
                               ("res18", resnet_widths(), adaptive.adaptive_res18)]:
        structure = os.path.join(folder, name)
        os.makedirs(structure, exist_ok=True)
        np.save(os.path.join(structure, "sample.npy"), widths)
        model = make(structure, num_classes=CLASSES, input_size=SIZE)
        for norm in (m for m in model.modules() if isinstance(m, nn.BatchNorm2d)):
            for tensor, spread, least in [(norm.running_mean, 0.1, -0.05), (norm.running_var, 1, 0.5),
                                          (norm.weight.data, 1, 0.5), (norm.bias.data, 0.1, -0.05)]:
                tensor.copy_(spread * torch.rand(norm.num_features) + least)
        # As its runner saves it.
        state = {"model": nn.DataParallel(model).state_dict(), "epoch": 3, "cur_step": 12, "best_top1": 50.0,
                 "optimizer": torch.optim.SGD(model.parameters(), 0.1, momentum=0.9).state_dict()}
        torch.save(state, os.path.join(folder, name + ".pth"))
        # The bytes of the test, normalized as utils/data.py does it.
        pixels = (torch.arange(3 * SIZE * SIZE) * 37 % 251).float().view(1, 3, SIZE, SIZE)
        mean, deviation = (torch.tensor(v).view(1, 3, 1, 1) * 255 for v in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
        with torch.no_grad():
            print(name, torch.softmax(model.eval()((pixels - mean) / deviation), 1).tolist()[0])


main(*sys.argv[1:])
