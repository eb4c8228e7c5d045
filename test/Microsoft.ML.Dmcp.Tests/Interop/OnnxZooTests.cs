using TorchSharp;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>
/// Whole networks: those that the product writes itself, and the files of the folder that DMCP_ONNX_MODELS names (eng/onnx-zoo.sh makes one
/// of torchvision's networks).
/// </summary>
public sealed class OnnxZooTests
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("DMCP_ONNX_MODELS");

    public static TheoryData<string> Names => [.. NetworkZoo.Names.Select(name => name + "@0.5"),
        .. Folder is null ? [] : Directory.GetFiles(Folder, "*.onnx")];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_gives_the_scores_of_its_file_and_keeps_its_channel_groups(string name)
    {
        if (File.Exists(name))
        {
            OnnxFolder.Agrees(name);
            return;
        }
        var network = NetworkZoo.Find(name).Describe(3, 32, 32, ExportedNetwork.ClassNames.Length);
        using var exported = new ExportedNetwork(network, null, DrawnPixels.Take(12));
        foreach (var fold in (bool[])[true, false])
        {
            var path = exported.Export(new() { FoldBatchNorm = fold });
            var imported = OnnxFolder.Agrees(path);
            Assert.Equal(network.FullWidths, imported.Architecture.Describe(3, 32, 32, network.Classes).FullWidths);
        }
    }

    [Fact]
    public void The_pre_trained_network_reads_red_green_blue_less_its_means_and_gets_a_classifier()
    {
        using var folder = new OnnxFolder();
        var graph = new DrawnGraph(8, 1, 3, 8, 8);
        var x = graph.Node("Relu", graph.Node("Conv", $"image,{graph.Weight(5, 3, 3, 3)}"));
        var path = folder.Write(graph.Ending(graph.Node("AveragePool", x, DrawnGraph.Of("kernel_shape", [6, 6]))).Bytes());
        var imported = NetworkZoo.PretrainedResNet18(path);
        Assert.Equal((null, "pretrained-resnet18"), (imported.Classes, imported.Architecture.Name));
        Assert.Equal([123.15f, 115.90f, 103.06f], imported.PixelMean);
        Assert.Equal(3, imported.Architecture.Describe(3, 16, 16, 3).Classes);
        using var ours = imported.ToNetwork();
        using var theirs = OnnxNetwork.Load(path).ToNetwork();
        Assert.True(ours.state_dict().Values.First().equal(theirs.state_dict().Values.First().flip(1)).all().item<bool>());
    }

    [Fact]
    public void Without_the_package_of_the_pre_trained_network_the_message_names_it()
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES");
        try
        {
            Environment.SetEnvironmentVariable("NUGET_PACKAGES", "/nowhere");
            var missing = Assert.Throws<FileNotFoundException>(() => PretrainedNetworks.Find("/nowhere"));
            Assert.Contains("dotnet add package Microsoft.ML.DnnImageFeaturizer.ResNet18", missing.Message);
        }
        finally
        {
            Environment.SetEnvironmentVariable("NUGET_PACKAGES", packages);
        }
    }
}
