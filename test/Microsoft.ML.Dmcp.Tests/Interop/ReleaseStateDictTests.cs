using Microsoft.ML.Dmcp.Interop.PyTorch;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>Pruned networks whose weights the authors' release saved (eng/release-fixtures.py).</summary>
public sealed class ReleaseStateDictTests : IDisposable
{
    private const int Classes = 4, Size = 32;
    private static readonly string[] Names = ["a", "b", "c", "d"];

    private readonly TorchFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    // What PyTorch computes with the release's own network.
    [Theory]
    [InlineData("mbv2", 0.31108063, 0.25122368, 0.21451823, 0.22317743)]
    [InlineData("res18", 0.07004435, 0.00002547, 0.00074790, 0.92918235)]
    public void A_network_that_the_release_trained_gives_the_scores_that_it_gives_there(string name, params double[] scores)
    {
        using var network = _ml.Model.LoadStateDict(Weights(name), Zoo(name), Config(name), Names);
        Assert.All(Scores(network).Zip(scores), s => Assert.Equal(s.Second, s.First, 1e-5));
    }

    [Theory]
    [InlineData("mbv2")]
    [InlineData("res18")]
    public void A_pruned_network_that_was_saved_for_PyTorch_comes_back_bit_for_bit(string name)
    {
        using var network = _ml.Model.LoadStateDict(Weights(name), Zoo(name), Config(name), Names);
        _ml.Model.SaveAsStateDict(network, _folder.File("again.safetensors"));
        using var again = _ml.Model.LoadStateDict(_folder.File("again.safetensors"), Zoo(name), Config(name), Names);
        Assert.Equal(Scores(network), Scores(again));
        Assert.Equal(Names, again.ClassNames);
    }

    [Fact]
    public void Weights_of_another_network_are_refused_with_the_tensors_that_do_not_fit()
    {
        string Refusal(string weights, string name) => Assert.Throws<FormatException>(
            () => _ml.Model.LoadStateDict(weights, Zoo(name), Config(name), Names)).Message;
        Assert.Contains("do not fit network 'resnet18'", Refusal(Weights("mbv2"), "res18"));
        Assert.Contains("missing (features.0.0.weight [8, 3, 3, 3], ", Refusal(Weights("res18"), "mbv2"));
        Assert.Contains("cannot be imported", Refusal(_folder.Write("bad.pth", [1, 2, 3]), "mbv2"));
        Assert.Throws<FileNotFoundException>(() => _ml.Model.LoadStateDict(_folder.File("none.pth"), Zoo("mbv2"), Config("mbv2"), Names));
    }

    [Fact]
    public void Names_and_pixels_that_do_not_fit_the_channel_config_are_refused()
    {
        void Refused(string error, string name, string[] names, PyTorchImportOptions? options = null) => Assert.Contains(error,
            Assert.ThrowsAny<ArgumentException>(
                () => _ml.Model.LoadStateDict(Weights("res18"), Zoo(name), Config("res18"), names, options)).Message);
        Refused("3 names of classes are given; the channel config has 4 classes.", "res18", ["a", "b", "c"]);
        Refused("3 names of classes are given", "res18", ["a", "b", "c", null!]);
        Refused("does not fit network", "mbv2", Names);
        Refused("Needed are PixelMean and PixelDeviation of 3 colours", "res18", Names,
            new PyTorchImportOptions { PixelMean = null, PixelDeviation = null });
        Refused("Needed are PixelMean and PixelDeviation of 3 colours", "res18", Names,
            new PyTorchImportOptions { PixelMean = [1], PixelDeviation = [1] });
    }

    [Fact]
    public void Shared_weights_of_a_search_lose_their_alpha_and_keep_their_classifier()
    {
        var read = ReleaseNames.Clean(new Dictionary<string, StateDictTensor>
        {
            ["conv1.weight"] = Tensor(64, 3, 7, 7), ["alpha1.alpha"] = Tensor(9), ["alpha1.alpha0"] = Tensor(1),
            ["layer1.0.alpha2.alpha"] = Tensor(9), ["fc.weight"] = Tensor(10, 512, 1, 1), ["fc.bias"] = Tensor(10),
        });
        Assert.Equal(["conv1.weight", "fc.bias", "fc.weight"], read.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([10, 512], read["fc.weight"].Shape);
    }

    [Theory]
    [InlineData(0, "conv1.weight")]
    [InlineData(10, "blocks.10.conv1.weight")]
    public void A_shortcut_that_only_the_release_has_is_refused_rather_than_left_out(int block, string first)
    {
        var tensors = new Dictionary<string, StateDictTensor>
        {
            ["conv_last.weight"] = Tensor(8, 15, 1, 1), [first] = Tensor(12, 12, 1, 1),
            [$"blocks.{block}.conv3.weight"] = Tensor(12, 6, 1, 1),
        };
        var refused = Assert.Throws<FormatException>(() => ReleaseNames.Clean(tensors));
        Assert.StartsWith($"Block {block} of the release's MobileNetV2 reads and makes 12 channels", refused.Message);
    }

    /// <summary>A file that the release wrote.</summary>
    public static string Weights(string name) => Path.Combine(AppContext.BaseDirectory, "Interop", "Release", name + ".pth");

    /// <summary>The folder of the structure that it has.</summary>
    public static string Structure(string name) => Path.Combine(AppContext.BaseDirectory, "Interop", "Release", name);

    private static NetworkArchitecture Zoo(string name) => name == "mbv2" ? NetworkZoo.MobileNetV2() : NetworkZoo.ResNet18();

    private static ChannelConfig Config(string name) =>
        ChannelConfig.LoadDmcpRelease(Structure(name), Zoo(name).Describe(3, Size, Size, Classes));

    private static StateDictTensor Tensor(params long[] shape) => new(shape, () => []);

    private float[] Scores(PrunedNetworkTransformer network)
    {
        var pixels = new byte[Size * Size * 3];
        for (var c = 0; c < 3; c++)
            for (var p = 0; p < Size * Size; p++)
                pixels[3 * p + c] = (byte)((c * Size * Size + p) * 37 % 251);
        using var image = TestImages.ToImage(pixels, Size, Size);
        var ranked = _ml.Model.CreateImageClassifier(network).Classify(image, Classes);
        return [.. Names.Select(name => ranked.Single(r => r.Class == name).Probability)];
    }
}
