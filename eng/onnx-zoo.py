"""Exports torchvision's convolutional classifiers (but ShuffleNet, which mixes channels, and ConvNeXt, which has layer norms) with drawn weights as ONNX files. Needs python3-torch and python3-torchvision."""
import sys
import torch
import torchvision

NAMES = ("alexnet resnet18 resnet50 resnext50_32x4d wide_resnet50_2 mobilenet_v2 mobilenet_v3_small mobilenet_v3_large squeezenet1_1 "
         "densenet121 googlenet inception_v3 vgg11_bn mnasnet1_0 efficientnet_b0 efficientnet_v2_s regnet_y_400mf regnet_x_400mf").split()


def draw_statistics(model, size):
    """Fresh batch norms change nothing: their statistics come from a batch, their scales are drawn."""
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.uniform_(module.bias, -0.5, 0.5)
            module.momentum = 1
    model.train()
    with torch.no_grad():
        model(torch.rand(4, 3, size, size) * 4 - 1)
    model.eval()


def main(folder, names):
    for name in names:
        torch.manual_seed(1)
        arguments = dict(init_weights=True, transform_input=False, aux_logits=False) if name in ("googlenet", "inception_v3") else {}
        model = getattr(torchvision.models, name)(weights=None, num_classes=20, **arguments)
        size = 299 if name == "inception_v3" else 224
        draw_statistics(model, size)
        for folded in (True, False):
            torch.onnx.export(
                model, torch.rand(1, 3, size, size), f"{folder}/{name}{'' if folded else '.norms'}.onnx", opset_version=13 if folded else 11,
                input_names=["image"], output_names=["scores"], dynamic_axes={"image": {0: "n"}} if folded else None,
                training=torch.onnx.TrainingMode.EVAL if folded else torch.onnx.TrainingMode.PRESERVE, do_constant_folding=folded)
        print("exported", name, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:] or NAMES)
