using System.Text;
using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Interop.OnnxExport;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>The Python that makes torchvision's network of a state dict's sizes.</summary>
internal static class RebuildScript
{
    private const string FirstLine = "# Written by Microsoft.ML.Dmcp with the weights beside it, and replaced with them.";

    /// <summary>Makes sure that a script may be written: what else has its name is not replaced.</summary>
    /// <exception cref="IOException">There is a file of another origin.</exception>
    public static void RequireReplaceable(string path)
    {
        if (File.Exists(path) && File.ReadLines(path).FirstOrDefault() != FirstLine)
            throw new IOException(
                $"'{path}', which is to rebuild the network in Python, is there and is not of this library. Rename it, or the state dict.");
    }

    /// <summary>Writes the script.</summary>
    /// <param name="path">The file.</param>
    /// <param name="weights">Name of the state dict in the same folder.</param>
    /// <param name="call">What makes torchvision's network.</param>
    /// <param name="model">The network with what it needs.</param>
    public static void Write(string path, string weights, string call, PrunedModel model) =>
        DurableFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Of(weights, call, model))));

    private static string Of(string weights, string call, PrunedModel model)
    {
        var network = model.Network.Description;
        var input = network.Input;
        var (import, load) = weights.EndsWith(StateDictExporter.Safetensors, StringComparison.OrdinalIgnoreCase)
            ? ("from safetensors.torch import load_file\n", "load_file(WEIGHTS)")
            : ("", "torch.load(WEIGHTS, map_location=\"cpu\", weights_only=True)");
        return FormattableString.Invariant($$""""
            {{FirstLine}}
            """{{network.Name}} for {{network.Classes}} classes, pruned with {{OnnxMetadata.LibraryName}} {{OnnxMetadata.LibraryVersion}}.

                model = rebuild()
                scores = model(normalize(pixels))
                names = [CLASS_NAMES[i] for i in scores.argmax(1)]

            Pixels are [N, {{input.Channels}}, {{input.Height}}, {{input.Width}}], {{ColorsOf(input)}}, 0 to 255.
            Needs torch 1.13 and torchvision 0.14, or later.
            """
            import os

            import torch
            import torchvision
            {{import}}from torch import nn

            WEIGHTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), {{PythonText.Of(weights)}})
            CLASS_NAMES = [
                {{string.Join(",\n    ", model.ClassNames.Texts.Select(PythonText.Of))}},
            ]
            PIXEL_MEAN = {{PythonText.Of(model.Normalization.Mean)}}
            PIXEL_DEVIATION = {{PythonText.Of(model.Normalization.Deviation)}}


            def normalize(pixels):
                """What the network reads, of pixels from 0 to 255."""
                mean, deviation = (torch.tensor(v, device=pixels.device).view(1, -1, 1, 1) for v in (PIXEL_MEAN, PIXEL_DEVIATION))
                return (pixels - mean) / deviation


            def rebuild(state=None):
                """The pruned network with its weights; state is its state dict, where that was read before."""
                if state is None:
                    state = {{load}}
                model = torchvision.models.{{call}}
            {{PoolingOf(network)}}    for name, layer in model.named_modules():
                    fit(layer, {key[len(name) + 1:]: value for key, value in state.items() if key.rpartition(".")[0] == name})
                model.load_state_dict(state)
                return model.eval()


            def fit(layer, tensors):
                """Gives a layer the sizes of its tensors."""
                if isinstance(layer, nn.Conv2d):
                    layer.out_channels, inputs = tensors["weight"].shape[:2]
                    layer.groups = layer.out_channels if layer.groups > 1 else 1
                    layer.in_channels = inputs * layer.groups
                elif isinstance(layer, nn.Linear):
                    layer.out_features, layer.in_features = tensors["weight"].shape
                elif isinstance(layer, nn.BatchNorm2d):
                    layer.num_features = len(tensors["weight"])
                for name, tensor in tensors.items():
                    isparameter = isinstance(getattr(layer, name), nn.Parameter)
                    setattr(layer, name, nn.Parameter(torch.empty_like(tensor)) if isparameter else torch.empty_like(tensor))

            """").ReplaceLineEndings("\n");
    }

    private static string ColorsOf(InputLayer input) => input.Channels == 1 ? "gray" : "red, green, blue";

    // torchvision's VGG pools to 7x7 before it flattens; here the image's size decides.
    private static string PoolingOf(NetworkDescription network)
    {
        if (network.Layers.OfType<FlattenLayer>().FirstOrDefault() is not { } flatten)
            return "";
        var shape = network.Shapes[flatten.Inputs[0]];
        return FormattableString.Invariant($"    model.avgpool = nn.AdaptiveAvgPool2d(({shape.Height}, {shape.Width}))\n");
    }
}
