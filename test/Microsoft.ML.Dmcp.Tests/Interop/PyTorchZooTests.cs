using System.Collections;
using Microsoft.ML.Dmcp.Interop.PyTorch;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using TorchSharp;
using TorchSharp.PyBridge;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>The networks of the zoo and torchvision's.</summary>
public sealed class PyTorchZooTests : IDisposable
{
    private readonly TorchFolder _folder = new();

    public static TheoryData<string> Names => [.. LayersOfTorchvision().Keys];

    public static TheoryData<string> Narrow => ["resnet18@0.25", "resnet34@0.25", "resnet50@0.1", "mobilenetv2@0.5",
        "mobilenetv3-large@0.5", "densenet121@0.25", "vgg16bn@0.1", "cifar-resnet20", "cifar-mobilenetv2@0.5"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_tensor_has_torchvisions_name_and_shape(string name)
    {
        var network = NetworkZoo.Find(name).Describe(3, 224, 224, 1000);
        Assert.Equal(
            LayersOfTorchvision()[name].Order(StringComparer.Ordinal), TensorsOf(network).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Narrow))]
    public void A_pruned_network_comes_back_from_both_formats_to_the_last_bit(string name)
    {
        var network = NetworkZoo.Find(name).Describe(3, 32, 32, ExportedNetwork.ClassNames.Length);
        using var exported = new ExportedNetwork(network, Uneven(network), DrawnPixels.Take(2));
        foreach (var file in (string[])["pruned.pth", "pruned.safetensors"])
        {
            var script = new MLContext().Model.SaveAsStateDict(exported.Model, _folder.File(file));
            Assert.Equal(name.StartsWith("cifar", StringComparison.Ordinal) ? null : _folder.File("pruned.py"), script);
            exported.Model.Use(model => TorchFolder.HasWeights(_folder.File(file), model.Network));
        }
    }

    [Theory]
    [InlineData("whole.pth")]
    [InlineData("whole.safetensors")]
    public void A_whole_network_comes_back_and_other_readers_find_the_counters_that_PyTorch_has(string file)
    {
        var network = NetworkZoo.MobileNetV2().Describe(3, 32, 32, ExportedNetwork.ClassNames.Length);
        using var exported = new ExportedNetwork(network, null, DrawnPixels.Take(2));
        var path = _folder.File(file);
        new MLContext().Model.SaveAsStateDict(exported.Model, path);
        var imported = PyTorchNetwork.Load(path, NetworkZoo.MobileNetV2(), new() { ImageHeight = 32, ImageWidth = 32 });
        using var copy = imported.ToNetwork();
        exported.Model.Use(model => Assert.All(
            model.Network.state_dict(), w => Assert.True(w.Value.equal(copy.state_dict()[w.Key]).all().item<bool>())));

        using var scope = NewDisposeScope();
        IDictionary theirs = file.EndsWith("pth", StringComparison.Ordinal)
            ? PyTorchUnpickler.UnpickleStateDict(path)
            : Safetensors.LoadStateDict(path);
        Assert.Equal(LayersOfTorchvision()["mobilenetv2"].Select(l => l.Split(' ')[0]).Order(StringComparer.Ordinal),
            theirs.Keys.Cast<string>().Order(StringComparer.Ordinal));
        Assert.Equal([], ((Tensor)theirs["features.0.1.num_batches_tracked"]!).shape);
    }

    /// <summary>About half of the channels of every group, drawn, and another number in each.</summary>
    internal static IReadOnlyList<IReadOnlyList<int>> Uneven(NetworkDescription network)
    {
        var random = new RandomSource(9);
        return [.. network.FullWidths.Select(width =>
        {
            int[] kept = [.. Enumerable.Range(0, width).Where(_ => random.NextDouble() < 0.5)];
            return kept.Length > 0 ? kept : [width - 1];
        })];
    }

    /// <summary>Names and shapes of the tensors of a network. Making them would take half a gigabyte for VGG.</summary>
    private static IEnumerable<string> TensorsOf(NetworkDescription network)
    {
        for (var i = 1; i < network.Layers.Count; i++)
        {
            var layer = network.Layers[i];
            var (read, made) = (network.Shapes[layer.Inputs[0]], network.Shapes[i]);
            var (shape, vectors) = layer switch
            {
                ConvLayer { Depthwise: true } conv => ($"{made.Channels}x1x{conv.Kernel}x{conv.Kernel}", Bias(conv.HasBias)),
                ConvLayer conv => ($"{made.Channels}x{read.Channels}x{conv.Kernel}x{conv.Kernel}", Bias(conv.HasBias)),
                LinearLayer linear => ($"{made.Channels}x{read.Channels * read.FeaturesPerChannel}", Bias(linear.HasBias)),
                BatchNormLayer => ($"{made.Channels}", ["bias", "running_mean", "running_var"]),
                _ => (null, Bias(false)),
            };
            if (shape is null)
                continue;
            yield return $"{layer.Name}.weight {shape}";
            foreach (var vector in vectors)
                yield return $"{layer.Name}.{vector} {made.Channels}";
            if (layer is BatchNormLayer)
                yield return StateDictNames.CounterOf(layer.Name) + " ";
        }

        static string[] Bias(bool has) => has ? ["bias"] : [];
    }

    /// <summary>Names and shapes of the tensors of torchvision's networks.</summary>
    private static Dictionary<string, List<string>> LayersOfTorchvision()
    {
        var networks = new Dictionary<string, List<string>>();
        foreach (var line in File.ReadLines(TorchFolder.Fixture("torchvision-layers.txt")))
        {
            var words = line.Split(' ');
            if (words[0] == "network")
            {
                networks[words[1]] = [];
                continue;
            }
            var (name, shape, others) = (words[0], words[1], words[2]);
            var outputs = shape.Split('x')[0];
            networks.Last().Value.Add($"{name}.weight {shape}");
            if (others.Length > 0)
                networks.Last().Value.Add($"{name}.bias {outputs}");
            if (others == "norm")
                networks.Last().Value.AddRange(
                    [$"{name}.running_mean {outputs}", $"{name}.running_var {outputs}", $"{name}.num_batches_tracked "]);
        }
        return networks;
    }
}
