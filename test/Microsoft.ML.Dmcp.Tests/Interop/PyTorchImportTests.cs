using System.Globalization;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>A run begins with weights that PyTorch wrote.</summary>
public sealed class PyTorchImportTests : IDisposable
{
    private readonly TorchFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    // Checkpoints hold the tensors in 16 and 64 bits, in channels-last order, transposed, and as parts of one storage.
    [Theory]
    [InlineData("tiny.pth")]
    [InlineData("tiny-legacy.pth")]
    [InlineData("checkpoint.pth")]
    [InlineData("checkpoint-legacy.pth")]
    public void A_file_of_PyTorch_gives_PyTorchs_logits(string name)
    {
        var expected = File.ReadAllText(TorchFolder.Fixture("tiny-logits.txt")).Split(' ')
            .Select(n => float.Parse(n, CultureInfo.InvariantCulture));
        var imported = PyTorchNetwork.Load(TorchFolder.Fixture(name), TorchFolder.Tiny);
        Assert.Equal((3, 3), (imported.Classes, imported.Channels));
        TorchFolder.Agree([.. expected], TorchFolder.TinyLogits(imported), name);
        Assert.Equal(name.StartsWith("checkpoint", StringComparison.Ordinal),
            imported.Remarks.Any(r => r.Contains("argparse.Namespace", StringComparison.Ordinal)));
    }

    [Fact]
    public void Pixels_are_normalised_as_torchvisions_weights_want_it_unless_the_options_say_otherwise()
    {
        Assert.Equal([0.485, 0.456, 0.406], Load().PixelMean!.Select(m => Math.Round(m / 255, 6)));
        Assert.Equal([0.229, 0.224, 0.225], Load().PixelDeviation!.Select(d => Math.Round(d / 255, 6)));
        Assert.Equal([1, 2, 3f], Load(new() { PixelMean = [1, 2, 3], PixelDeviation = [4, 5, 6] }).PixelMean!);
        Assert.Null(Load(new() { PixelMean = null, PixelDeviation = null }).PixelMean);

        Load().SaveWeights(_folder.File("w"));
        Assert.Equal(ImageRunOptions.NormalizationText(Load().PixelMean, Load().PixelDeviation),
            CheckpointFile.Read(_folder.File("w"), (identity, _) => identity).Settings[ImageRunOptions.NormalizationSetting]);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(7, false)]
    public void Another_number_of_classes_gets_a_fresh_classifier(int classes, bool keepsClassifier)
    {
        var imported = Load();
        Assert.Contains("3 classes; data with another number gets a fresh classifier", imported.Remarks[0]);
        var options = imported.Begin(new DmcpSearchOptions(), _folder.File("w"));
        Assert.Equal((TorchFolder.Tiny, _folder.File("w")), (options.Network, options.WeightsPath));
        using var network = new SlimmableNetwork(TorchFolder.Tiny.Describe(3, 16, 12, classes), CPU, new RandomSource(3));
        CheckpointFile.LoadWeights(_folder.File("w"), network);
        using var source = imported.ToNetwork();
        var (theirs, ours) = (source.state_dict(), network.state_dict());
        Assert.True(theirs["conv1.weight"].equal(ours["conv1.weight"]).all().item<bool>());
        Assert.Equal(keepsClassifier, theirs["fc.weight"].shape.SequenceEqual(ours["fc.weight"].shape));
    }

    [Fact]
    public void A_backbone_without_a_classifier_gets_one_and_images_may_be_gray()
    {
        var path = _folder.WriteSafetensors("""
            {"__metadata__": {"format": "pt"},
             "conv1.weight": {"dtype": "F32", "shape": [4, 1, 3, 3], "data_offsets": [0, 144]},
             "bn1.weight": {"dtype": "F32", "shape": [4], "data_offsets": [144, 160]},
             "bn1.bias": {"dtype": "BF16", "shape": [4], "data_offsets": [160, 168]},
             "bn1.running_mean": {"dtype": "F16", "shape": [4], "data_offsets": [168, 176]},
             "bn1.running_var": {"dtype": "F64", "shape": [4], "data_offsets": [176, 208]},
             "bn1.num_batches_tracked": {"dtype": "I64", "shape": [], "data_offsets": [208, 216]}}
            """, 216);
        var imported = PyTorchNetwork.Load(path, TorchFolder.Tiny, new() { PixelMean = [120], PixelDeviation = [60] });
        Assert.Equal((null, 1), (imported.Classes, imported.Channels));
        Assert.Contains("no classifier 'fc'", imported.Remarks[0]);
        var mismatch = Assert.Throws<FormatException>(() => PyTorchNetwork.Load(path, TorchFolder.Tiny));
        Assert.Contains("PixelMean has 3 numbers", mismatch.Message);
    }

    [Fact]
    public void Names_of_wrapped_networks_and_of_torchvisions_older_DenseNets_are_known()
    {
        var path = _folder.WriteSafetensors("""
            {"module._orig_mod.features.denseblock1.denselayer1.conv.1.weight":
                 {"dtype": "F32", "shape": [2, 3, 1, 1], "data_offsets": [0, 24]},
             "module._orig_mod.classifier.weight": {"dtype": "F32", "shape": [3, 2], "data_offsets": [24, 48]}}
            """, 48);
        var architecture = new NetworkArchitecture("dense", net =>
        {
            var x = net.Conv(net.Input, 2, 1, name: "features.denseblock1.denselayer1.conv1");
            net.Linear(net.GlobalAveragePool(x), net.Classes, bias: false, name: "classifier");
        });
        Assert.Equal(3, PyTorchNetwork.Load(path, architecture).Classes);
    }

    private static PyTorchNetwork Load(PyTorchImportOptions? options = null) =>
        PyTorchNetwork.Load(TorchFolder.Fixture("tiny.pth"), TorchFolder.Tiny, options);
}
