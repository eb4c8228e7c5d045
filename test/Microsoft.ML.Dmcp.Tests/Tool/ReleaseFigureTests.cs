using Microsoft.ML.Dmcp.Tests.Interop;
using Microsoft.ML.Dmcp.Tests.Reference;

namespace Microsoft.ML.Dmcp.Tests.Tool;

/// <summary>What the modes of the release print, against figures that the authors' code computed.</summary>
public sealed class ReleaseFigureTests : IDisposable
{
    private readonly ToolFolder _folder = new();

    public static TheoryData<string, string> Networks => new()
    {
        { "mbv2", "mobilenetv2-1.5x" },
        { "res18", "resnet18" },
        { "res50", "resnet50" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Networks))]
    public void The_files_of_a_search_give_the_FLOPs_parameters_and_expected_FLOPs_of_the_release(string network, string name)
    {
        var golden = Golden.Figures.Networks.Single(n => n.Network == name);
        var config = ToolFolder.Config(network, "dmcp");
        var flops = _folder.Run("calc-flops", "--config", config, "--json").Succeeded().Json;
        Assert.Equal(golden.MaxMFlops, flops.GetProperty("mFlops").GetDouble(), 0.0051);
        Assert.Equal(golden.InitialExpectedMFlops, flops.GetProperty("expectedMFlops").GetDouble(), 1e-4 * golden.InitialExpectedMFlops);
        var parameters = _folder.Run("calc-params", "--config", config, "--json").Succeeded().Json;
        Assert.Equal(golden.MaxParamsM, parameters.GetProperty("mParameters").GetDouble(), 0.0051);
        // As the release's own line prints it.
        Assert.StartsWith(
            FormattableString.Invariant($"flops: {golden.MaxMFlops:0.00}\n"),
            _folder.Run("--mode", "calc_flops", "--data", "imagenet", "-C", config, "-F", "900").Succeeded().Output);
    }

    // Parameters: counted by PyTorch in the network that the release builds of the file.
    [Theory]
    [InlineData("mbv2", "mobilenetv2-1.5x", "release-mobilenetv2", 339_240)]
    [InlineData("res18", "resnet18", "release-resnet18", 1_791_394)]
    [InlineData("res50", "resnet50", "release-resnet50", 2_066_335)]
    public void The_files_of_a_retraining_give_the_FLOPs_and_parameters_of_a_structure_that_the_release_sampled(
        string network, string name, string structure, long parameters)
    {
        var golden = Golden.Figures.Networks.Single(n => n.Network == name);
        string[] line = ["--config", ToolFolder.Config(network, "retrain"), "--chcfg", ConfigFolder.Numpy(structure), "--json"];
        var flops = _folder.Run(["calc-flops", .. line]).Succeeded().Json;
        Assert.Equal(golden.PatternExpectedSamplingMFlops, flops.GetProperty("mFlops").GetDouble(), 0.0051);
        Assert.Equal(parameters, _folder.Run(["calc-params", .. line]).Succeeded().Json.GetProperty("parameters").GetInt64());
    }

    [Fact]
    public void Uniform_widths_are_rounded_as_the_release_rounds_them()
    {
        // uniformMinMFlops of the reference: the release's 0.1x networks.
        (string Name, double Widest, double MFlops)[] cases =
            [("resnet18", 1, 35.86), ("resnet50", 1, 58.63), ("mobilenetv2@1.5", 1.5, 12.89)];
        foreach (var (name, widest, mflops) in cases)
        {
            var network = NetworkZoo.Find(name).Describe(3, 224, 224, 1000);
            Assert.Equal(mflops, Microsoft.ML.Dmcp.Tool.Release.UniformWidths.Of(network, 0.1, widest).Flops / 1e6, 0.0051);
        }
    }
}
