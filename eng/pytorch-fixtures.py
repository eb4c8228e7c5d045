"""Writes the test fixtures of PyTorch's files: layers of torchvision's networks, and small files of torch.save with their logits.

Made with torch 1.13 and torchvision 0.14 (Debian's python3-torch and python3-torchvision):
    /usr/bin/python3 eng/pytorch-fixtures.py test/Microsoft.ML.Dmcp.Tests/Interop/PyTorch
"""
import argparse
import os
import sys

import torch
import torchvision
from torch import nn

NETWORKS = {
    "resnet18": "resnet18", "resnet34": "resnet34", "resnet50": "resnet50", "mobilenetv2": "mobilenet_v2",
    "mobilenetv3-large": "mobilenet_v3_large", "densenet121": "densenet121", "vgg16bn": "vgg16_bn",
}


def write_layers(path):
    """One line a layer: name, shape of its weight, and bias or norm where it has more tensors than that."""
    with open(path, "w") as file:
        for ours, theirs in NETWORKS.items():
            print("network", ours, file=file)
            model = getattr(torchvision.models, theirs)(weights=None)
            for name, layer in model.named_modules():
                tensors = layer.state_dict() if not list(layer.children()) else {}
                if tensors:
                    others = "norm" if "running_mean" in tensors else "bias" if "bias" in tensors else ""
                    print(name, "x".join(map(str, tensors["weight"].shape)), others, file=file)


class Tiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        return self.fc(torch.relu(self.bn1(self.conv1(x))).mean((2, 3)))


def write_tiny(folder):
    torch.manual_seed(1)
    model = Tiny().eval()
    state = model.state_dict()
    for name, tensor in state.items():
        if tensor.is_floating_point():
            # Exact in 16 bits, so that all files hold the same network.
            tensor.copy_(torch.rand_like(tensor).add_(0.5 if name.startswith("bn1") else -0.5).bfloat16())
    torch.save(state, os.path.join(folder, "tiny.pth"))
    torch.save(state, os.path.join(folder, "tiny-legacy.pth"), _use_new_zipfile_serialization=False)

    shared = torch.cat([state[f"bn1.{n}"] for n in ("weight", "bias", "running_mean", "running_var")])
    odd = {
        "module.conv1.weight": state["conv1.weight"].bfloat16().to(memory_format=torch.channels_last),
        "module.bn1.weight": shared[:4], "module.bn1.bias": shared[4:8],
        "module.bn1.running_mean": shared[8:12], "module.bn1.running_var": shared[12:],
        "module.fc.weight": state["fc.weight"].double().t().contiguous().t(),
        "module.fc.bias": nn.Parameter(state["fc.bias"].half()),
    }
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model.train()(torch.rand(2, 3, 8, 8)).sum().backward()
    optimizer.step()
    checkpoint = {"epoch": 3, "args": argparse.Namespace(lr=0.1), "optimizer": optimizer.state_dict(), "state_dict": odd}
    torch.save(checkpoint, os.path.join(folder, "checkpoint.pth"))
    torch.save(checkpoint, os.path.join(folder, "checkpoint-legacy.pth"), _use_new_zipfile_serialization=False)
    torch.save(model, os.path.join(folder, "whole-model.pth"))

    fresh = Tiny().eval()
    fresh.load_state_dict(torch.load(os.path.join(folder, "tiny.pth")))
    pixels = (torch.arange(2 * 3 * 8 * 8) * 37 % 256).float().div(64).sub(2).view(2, 3, 8, 8)
    with torch.no_grad(), open(os.path.join(folder, "tiny-logits.txt"), "w") as file:
        print(*fresh(pixels).flatten().tolist(), file=file)


if __name__ == "__main__":
    write_layers(os.path.join(sys.argv[1], "torchvision-layers.txt"))
    write_tiny(sys.argv[1])
