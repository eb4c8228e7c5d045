using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Estimators.OnnxGraphs;
using Microsoft.ML.Dmcp.Tests.Estimators;
using Onnx;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>What an exported file holds beside the scores, and what happens when it cannot be written.</summary>
public sealed class OnnxFileTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-onnx").FullName;

    private string File => Path.Combine(_folder, "network.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_reader_finds_class_names_sizes_and_preprocessing_in_the_metadata()
    {
        var network = SmallNetwork();
        using var exported = new ExportedNetwork(network, ExportedNetwork.LastHalves(network), DrawnPixels.Take(4));
        using var session = ExportedNetwork.Open(exported.Export(new() { Softmax = false, Opset = 15 }));
        var metadata = session.ModelMetadata.CustomMetadataMap;
        Assert.Equal(ExportedNetwork.ClassNames, JsonSerializer.Deserialize<string[]>(metadata["class_names"]));
        Assert.Equal(("3", "32", "32"), (metadata["image_channels"], metadata["image_height"], metadata["image_width"]));
        Assert.Equal(("RGB", "NCHW", "1"), (metadata["color_order"], metadata["layout"], metadata["pixel_scale"]));
        Assert.Equal(ExportedNetwork.Mean, JsonSerializer.Deserialize<float[]>(metadata["pixel_mean"])!);
        Assert.Equal(ExportedNetwork.Deviation, JsonSerializer.Deserialize<float[]>(metadata["pixel_deviation"])!);
        Assert.Equal(("true", "false"), (metadata["normalizes_pixels"], metadata["applies_softmax"]));
        Assert.Equal("small", metadata["network"]);
        Assert.Matches(@"^Microsoft\.ML\.Dmcp \d+\.\d+\.\d+", metadata["library"]);
        Assert.Equal(exported.Model.ChannelConfig.ToJson(), ChannelConfig.FromJson(metadata["channel_config"]).ToJson());
        Assert.Equal([4, 5, 6, 7], ChannelConfig.FromJson(metadata["channel_config"]).Groups[0].Kept!);
        Assert.Equal("Microsoft.ML.Dmcp", session.ModelMetadata.ProducerName);
        Assert.Equal("small", session.ModelMetadata.GraphName);
    }

    [Fact]
    public void The_batch_is_of_any_size_and_all_else_is_fixed()
    {
        using var exported = new ExportedNetwork(SmallNetwork(), null, DrawnPixels.Take(4));
        using var session = ExportedNetwork.Open(exported.Export(new() { EmbeddingName = "features" }));
        var input = Assert.Single(session.InputMetadata);
        Assert.Equal(("pixels", "N"), (input.Key, input.Value.SymbolicDimensions[0]));
        Assert.Equal([-1, 3, 32, 32], input.Value.Dimensions);
        Assert.Equal(["scores", "features"], session.OutputNames);
        Assert.Equal([-1, ExportedNetwork.ClassNames.Length], session.OutputMetadata["scores"].Dimensions);
        Assert.Equal([-1, 8], session.OutputMetadata["features"].Dimensions);
    }

    [Fact]
    public void Folding_leaves_no_batch_norm_behind_a_convolution_and_not_folding_keeps_it_for_other_tools()
    {
        using var exported = new ExportedNetwork(SmallNetwork(), null, DrawnPixels.Take(4));
        Assert.Equal(["Sub", "Mul", "Conv", "Relu", "GlobalAveragePool", "Flatten", "Gemm", "Softmax"], Operators(exported.Export()));
        Assert.Equal(["Conv", "BatchNormalization", "Relu", "GlobalAveragePool", "Flatten", "Gemm"],
            Operators(exported.Export(new() { FoldBatchNorm = false, NormalizePixels = false, Softmax = false })));
    }

    [Fact]
    public void The_file_says_the_asked_opset_and_a_format_that_is_no_newer()
    {
        using var exported = new ExportedNetwork(SmallNetwork(), null, DrawnPixels.Take(4));
        foreach (var (opset, format) in ((int, int)[])[(12, 7), (15, 8), (17, 8), (19, 9), (21, 10)])
        {
            var model = Read(exported.Export(new() { Opset = opset }));
            Assert.Equal((opset, format), (Assert.Single(model.OpsetImport).Version, model.IrVersion));
        }
    }

    [Fact]
    public void A_trained_pipeline_is_exported_as_it_is_saved_and_replaces_the_file_whole()
    {
        var data = TinyPipeline.Labelled(_ml);
        var model = TinyPipeline.Estimator(_ml, "retrain").Fit(data);
        System.IO.File.WriteAllText(File, new string('x', 1_000_000));
        _ml.Model.SaveAsOnnx(new TransformerChain<ITransformer>([model]), File);
        Assert.Equal(["class-0", "class-1", "class-2", "class-3"],
            JsonSerializer.Deserialize<string[]>(Read(File).MetadataProps.Single(p => p.Key == "class_names").Value)!);
        Assert.Equal([File], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_named_with_the_way_out_and_nothing_is_left_behind()
    {
        using var exported = new ExportedNetwork(SmallNetwork(), null, DrawnPixels.Take(4));
        Directory.CreateDirectory(File);
        var error = Assert.Throws<IOException>(() => _ml.Model.SaveAsOnnx(exported.Model, File));
        Assert.Contains($"'{File}' cannot be written", error.Message);
        Assert.Contains("name a file in a folder that can be written", error.Message);
        Assert.Equal([File], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void An_export_of_a_disposed_model_is_refused_and_leaves_the_earlier_file_as_it_was()
    {
        System.IO.File.WriteAllText(File, "before");
        using var exported = new ExportedNetwork(SmallNetwork(), null, DrawnPixels.Take(4));
        exported.Model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ml.Model.SaveAsOnnx(exported.Model, File));
        Assert.Equal("before", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void A_model_without_a_pruned_network_is_refused_by_what_it_has()
    {
        var data = TinyPipeline.Labelled(_ml);
        var label = TinyPipeline.Label(_ml).Fit(data);
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Model.SaveAsOnnx(label, File));
        Assert.Contains("no pruned network", error.Message);
        Assert.Contains(label.GetType().Name, error.Message);
    }

    [Fact]
    public void Bad_options_are_refused_by_their_names_before_anything_is_written()
    {
        using var exported = new ExportedNetwork(SmallNetwork(), null, DrawnPixels.Take(4));
        Refused(new() { Opset = 11 }, nameof(OnnxExportOptions.Opset), "12 to 21");
        Refused(new() { Opset = 22 }, nameof(OnnxExportOptions.Opset), "12 to 21");
        Refused(new() { InputName = " " }, nameof(OnnxExportOptions.InputName), "a name");
        Refused(new() { OutputName = null! }, nameof(OnnxExportOptions.OutputName), "a name");
        Refused(new() { OutputName = "pixels" }, nameof(OnnxExportOptions.OutputName), "'pixels'");
        Refused(new() { EmbeddingName = "scores" }, nameof(OnnxExportOptions.EmbeddingName), "'scores'");
        Refused(new() { EmbeddingName = "" }, nameof(OnnxExportOptions.EmbeddingName), "a name");
        Assert.Throws<ArgumentException>(() => _ml.Model.SaveAsOnnx(exported.Model, ""));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));

        void Refused(OnnxExportOptions options, string name, string needed)
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Model.SaveAsOnnx(exported.Model, File, options));
            Assert.Equal(name, error.ParamName);
            Assert.Contains(needed, error.Message);
        }
    }

    [Fact]
    public void A_network_that_no_ONNX_file_can_hold_is_refused_before_its_weights_are_copied()
    {
        NetworkNodes.RequireSize(2_000_000_000);
        var error = Assert.Throws<InvalidOperationException>(() => NetworkNodes.RequireSize(2_400_000_000));
        Assert.Contains("2.4 GB", error.Message);
    }

    private static NetworkDescription SmallNetwork() => new NetworkArchitecture("small", net =>
        net.Linear(net.GlobalAveragePool(net.ReLU(net.BatchNorm(net.Conv(net.Input, 8, 3)))), net.Classes))
        .Describe(3, 32, 32, ExportedNetwork.ClassNames.Length);

    private static ModelProto Read(string path) => ModelProto.Parser.ParseFrom(System.IO.File.ReadAllBytes(path));

    private static IEnumerable<string> Operators(string path) => Read(path).Graph.Node.Select(node => node.OpType);
}
