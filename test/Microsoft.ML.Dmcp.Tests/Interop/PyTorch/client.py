"""What PyTorch makes of the files of the tests, and files that it makes for them. Started by PyTorchClientTests."""
import importlib.util
import json
import pathlib
import struct
import sys

import torch
import torchvision


def pixels_of(folder):
    return torch.frombuffer(bytearray((folder / "pixels").read_bytes()), dtype=torch.float32).view(-1, 3, 32, 32)


def write_floats(path, tensor):
    path.write_bytes(tensor.contiguous().numpy().tobytes())


def draw_statistics(model, pixels):
    """Fresh batch norms change nothing: their statistics come from the batch, their scales are drawn."""
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.uniform_(module.bias, -0.5, 0.5)
            module.momentum = 1
    model.train()
    model(pixels)
    model.eval()


def make(folder, names):
    """torchvision's networks with drawn weights, and their logits."""
    pixels = (pixels_of(folder) - 127) / 60
    for name in names:
        torch.manual_seed(1)
        model = getattr(torchvision.models, name)(weights=None, num_classes=20)
        draw_statistics(model, pixels)
        torch.save(model.state_dict(), folder / f"{name}.pth")
        write_floats(folder / f"{name}.logits", model(pixels))


def read_safetensors(path):
    """Of a library that may not be installed: a length, a header, elements."""
    data = path.read_bytes()
    length, = struct.unpack("<Q", data[:8])
    types = {"F32": torch.float32, "I64": torch.int64}
    state = {}
    for name, entry in json.loads(data[8:8 + length]).items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        state[name] = torch.frombuffer(bytearray(data[begin:end]), dtype=types[entry["dtype"]]).view(entry["shape"])
    return state


def rebuild(folder, _):
    """The networks of the scripts, their logits, and what torch.save makes of them."""
    pixels = pixels_of(folder)
    # The weights are loaded: drawing those of torchvision's whole networks before takes most of the time.
    for draw in ("kaiming_normal_", "kaiming_uniform_", "normal_", "uniform_"):
        setattr(torch.nn.init, draw, lambda tensor, *_, **__: tensor)
    for script in sorted(folder.glob("*.py")):
        spec = importlib.util.spec_from_file_location(script.stem, script)
        module = importlib.util.module_from_spec(spec)
        safetensors = script.with_suffix(".safetensors")
        if safetensors.exists():
            sys.modules["safetensors"] = sys.modules["safetensors.torch"] = type(sys)("safetensors.torch")
            sys.modules["safetensors.torch"].load_file = lambda path: read_safetensors(pathlib.Path(path))
        spec.loader.exec_module(module)
        model = module.rebuild()
        write_floats(script.with_suffix(".logits"), model(module.normalize(pixels)))
        torch.save(model.state_dict(), script.with_suffix(".saved"))
        script.with_suffix(".names").write_text("\n".join(module.CLASS_NAMES), encoding="utf-8")


if __name__ == "__main__":
    torch.set_num_threads(1)
    with torch.no_grad():
        {"make": make, "rebuild": rebuild}[sys.argv[1]](pathlib.Path(sys.argv[2]), sys.argv[3:])
