using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Tests.Networks;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>ONNX Runtime gives by the exported file the scores that the product gives.</summary>
public class OnnxScoresTests
{
    public static TheoryData<string> Zoo => [.. NetworkZoo.Names];

    [Theory]
    [MemberData(nameof(Zoo))]
    public void Every_network_of_the_zoo_scores_pictures_in_ONNX_Runtime_as_here_unpruned_and_pruned(string name)
    {
        var network = NetworkZoo.Find(name).Describe(3, 32, 32, ExportedNetwork.ClassNames.Length);
        foreach (var kept in new[] { null, ExportedNetwork.FirstHalves(network) })
        {
            using var exported = new ExportedNetwork(network, kept, DrawnPixels.Take(12));
            foreach (var opset in (int[])[12, 17])
            {
                Check(exported, DrawnPixels.Take(3), new() { Opset = opset, FoldBatchNorm = opset == 17 });
                Check(exported, DrawnPixels.Take(1), new() { Opset = opset, FoldBatchNorm = opset == 12, Softmax = false });
            }
        }
    }

    [Theory]
    [InlineData("grouped")]
    [InlineData("windows")]
    public void Layers_that_imported_networks_have_score_in_ONNX_Runtime_as_here(string name)
    {
        var network = SmallNetworks.Find(name).Describe(3, 12, 12, ExportedNetwork.ClassNames.Length);
        foreach (var kept in new[] { null, ExportedNetwork.FirstHalves(network) })
        {
            using var exported = new ExportedNetwork(network, kept, Images(8));
            Check(exported, Images(8), new());
        }
    }

    [Fact]
    public void All_layers_and_all_combinations_of_options_give_the_same_scores_whichever_channels_are_kept()
    {
        var network = EveryLayer();
        var images = Images(8);
        foreach (var kept in new[] { null, ExportedNetwork.FirstHalves(network), ExportedNetwork.LastHalves(network) })
        {
            using var exported = new ExportedNetwork(network, kept, images);
            for (var opset = OnnxExportOptions.OldestOpset; opset <= OnnxExportOptions.NewestOpset; opset++)
                foreach (var fold in (bool[])[true, false])
                    foreach (var softmax in (bool[])[true, false])
                        foreach (var normalize in (bool[])[true, false])
                            Check(exported, images[..(1 + opset % 3)],
                                new() { Opset = opset, FoldBatchNorm = fold, Softmax = softmax, NormalizePixels = normalize });
        }
    }

    [Fact]
    public void Grey_images_that_are_wider_than_high_give_the_same_scores()
    {
        var network = new NetworkArchitecture("grey", net => net.Linear(net.Flatten(net.MaxPool(Stem(net), 3)), net.Classes))
            .Describe(1, 9, 16, ExportedNetwork.ClassNames.Length);
        var images = Images(8).Select(pixels => pixels[..(9 * 16)]).ToArray();
        using var exported = new ExportedNetwork(network, ExportedNetwork.LastHalves(network), images);
        Check(exported, images[..3], new());
        using var session = ExportedNetwork.Open(exported.Export());
        var metadata = session.ModelMetadata.CustomMetadataMap;
        Assert.Equal(("1", "9", "16", "GRAY"),
            (metadata["image_channels"], metadata["image_height"], metadata["image_width"], metadata["color_order"]));
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("flattened")]
    [InlineData("convolution")]
    [InlineData("hidden")]
    [InlineData("activated")]
    public void The_embedding_is_the_one_of_the_model_however_the_network_ends(string head)
    {
        var network = new NetworkArchitecture(head, net => End(net, Stem(net), head))
            .Describe(3, 12, 12, ExportedNetwork.ClassNames.Length);
        var images = Images(8);
        using var exported = new ExportedNetwork(network, ExportedNetwork.LastHalves(network), images);
        var expected = exported.Predict(images);
        foreach (var softmax in (bool[])[true, false])
        {
            var outputs = exported.Run(images, new() { EmbeddingName = "embedding", Softmax = softmax });
            Assert.Equal(2, outputs.Length);
            OnnxScores.AssertClose(softmax ? Scores(expected) : exported.Logits(images), outputs[0]);
            OnnxScores.AssertClose([.. expected.SelectMany(row => row.Embedding)], outputs[1]);
        }
    }

    [Fact]
    public void A_layer_that_is_called_as_an_input_or_output_is_no_obstacle()
    {
        var network = new NetworkArchitecture("named", net =>
        {
            var x = net.ReLU(net.BatchNorm(net.Conv(net.Input, 6, 3, name: "pixels")), name: "scores");
            x = net.Conv(net.Conv(x, 4, 3, name: "a"), 6, 3, name: "a.weight");
            net.Linear(net.GlobalAveragePool(x, name: "embedding"), net.Classes, name: "softmax");
        }).Describe(3, 12, 12, ExportedNetwork.ClassNames.Length);
        using var exported = new ExportedNetwork(network, null, Images(8));
        Check(exported, Images(2), new() { EmbeddingName = "embedding" });
        Check(exported, Images(2), new() { InputName = "softmax", OutputName = "a", Softmax = false });
    }

    private static void Check(ExportedNetwork exported, IReadOnlyList<float[]> images, OnnxExportOptions options)
    {
        var expected = options.Softmax ? Scores(exported.Predict(images)) : exported.Logits(images);
        // Scores that are all the same would hide what is wrong.
        Assert.True(expected.Max() - expected.Min() > 0.02, "The scores hardly differ.");
        OnnxScores.AssertClose(expected, exported.Run(images, options)[0]);
    }

    private static float[] Scores(IEnumerable<EmbeddedRow> rows) => [.. rows.SelectMany(row => row.Score)];

    /// <summary>A network with every kind of layer, window and function.</summary>
    private static NetworkDescription EveryLayer() => new NetworkArchitecture("every-layer", net =>
    {
        var x = net.MaxPool(Stem(net), 3, stride: 2, padding: 1);
        x = net.Activate(net.BatchNorm(net.DepthwiseConv(x, 3, bias: true)), Activation.ReLU6);
        var squeezed = net.Activate(net.Conv(net.GlobalAveragePool(x), 4, 1, bias: true), Activation.SiLU);
        x = net.Multiply(x, net.Activate(net.Conv(squeezed, 8, 1, bias: true), Activation.Hardsigmoid));
        var gate = net.Activate(net.BatchNorm(net.Conv(x, 8, 3), epsilon: 1e-3), Activation.Sigmoid);
        x = net.Add(x, net.Multiply(gate, x));
        // Batch norm of a concatenation, and of a value that others read too: neither can be folded.
        var read = net.Conv(x, 6, 3, padding: 0, bias: true);
        x = net.Concat([read, net.BatchNorm(read), net.AveragePool(x, 3, stride: 1)]);
        x = net.Activate(net.BatchNorm(x), Activation.Hardswish);
        x = net.AveragePool(x, 3, stride: 2, padding: 1);
        x = net.Dropout(net.ReLU(net.Linear(net.Flatten(x), 16)), 0.5);
        net.Linear(net.Dropout(x, 0.2), net.Classes, bias: false);
    }).Describe(3, 12, 12, ExportedNetwork.ClassNames.Length);

    private static NetworkValue Stem(NetworkBuilder net) => net.Activate(net.BatchNorm(net.Conv(net.Input, 8, 3)), Activation.Hardswish);

    private static void End(NetworkBuilder net, NetworkValue x, string head) => _ = head switch
    {
        "linear" => net.Linear(net.GlobalAveragePool(x), net.Classes),
        "flattened" => net.Linear(net.Flatten(net.MaxPool(x, 4)), net.Classes),
        "convolution" => net.GlobalAveragePool(net.Conv(net.Dropout(x, 0.5), net.Classes, 1, bias: true)),
        "hidden" => net.Linear(net.ReLU(net.Linear(net.GlobalAveragePool(x), 10)), net.Classes),
        _ => net.Dropout(net.Activate(net.Linear(net.GlobalAveragePool(x), net.Classes), Activation.Sigmoid), 0.1),
    };

    /// <summary>Planar pixels of test images.</summary>
    private static float[][] Images(int count)
    {
        var random = new RandomSource(11);
        const int plane = TestImages.Size * TestImages.Size;
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var pixels = TestImages.Pixels(i % TestImages.Classes, random);
            return Enumerable.Range(0, 3 * plane).Select(k => (float)pixels[k % plane * 3 + k / plane]).ToArray();
        })];
    }
}
