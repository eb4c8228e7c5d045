using static Microsoft.ML.Dmcp.Tests.Interop.DrawnGraph;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>An imported network gives the scores that ONNX Runtime gives by the file.</summary>
public sealed class OnnxImportTests : IDisposable
{
    private readonly OnnxFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1)]
    [InlineData(1, 5, 1, 2, 0, 2, 0, 2, 1, 1, 1)]
    [InlineData(3, 2, 2, 1, 1, 1, 0, 0, 1, 1, 1)]
    [InlineData(7, 7, 2, 2, 3, 3, 2, 2, 1, 1, 1)]
    [InlineData(3, 3, 1, 1, 2, 0, 2, 1, 2, 1, 1)]
    [InlineData(3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 2)]
    [InlineData(3, 1, 1, 1, 0, 0, 1, 0, 1, 1, 6)]
    [InlineData(1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 3)]
    public void Convolutions(long kh, long kw, long sy, long sx,
        long top, long left, long bottom, long right, long dy, long dx, long groups)
    {
        foreach (var size in (long[])[12, 13])
        {
            var graph = new DrawnGraph(9, 1, 3, size, size + 1);
            var x = graph.Node("Conv", $"image,{graph.Weight(6, 3, 1, 1)},{graph.Weight(6)}");
            x = graph.Node("Conv", $"{x},{graph.Weight(6, 6 / groups, kh, kw)}", Of("kernel_shape", [kh, kw]), Of("strides", [sy, sx]),
                Of("pads", [top, left, bottom, right]), Of("dilations", [dy, dx]), Of("group", groups));
            _folder.Agrees(graph.Classified(x, 6));
        }
    }

    [Theory]
    [InlineData("SAME_UPPER", 3, 2)]
    [InlineData("SAME_LOWER", 4, 3)]
    [InlineData("SAME_UPPER", 2, 1)]
    [InlineData("VALID", 3, 2)]
    public void Paddings_that_depend_on_the_size(string automatic, long kernel, long stride)
    {
        foreach (var size in (long[])[16, 17])
        {
            var graph = new DrawnGraph(11, 1, 3, size, 14);
            var x = graph.Node("Conv", $"image,{graph.Weight(5, 3, kernel, kernel)}",
                Of("auto_pad", automatic), Of("strides", [stride, stride]));
            x = graph.Node("MaxPool", x, Of("kernel_shape", [2, 2]), Of("auto_pad", automatic), Of("strides", [2, 1]));
            x = graph.Node("AveragePool", x, Of("kernel_shape", [3, 2]), Of("auto_pad", automatic));
            _folder.Agrees(graph.Classified(x, 5));
        }
    }

    [Theory]
    [InlineData("MaxPool", 3, 2, 1, 1, 0, 0, 0, 0)]
    [InlineData("MaxPool", 3, 2, 1, 1, 1, 1, 0, 0)]
    [InlineData("MaxPool", 3, 2, 0, 0, 0, 0, 1, 0)]
    [InlineData("MaxPool", 2, 2, 0, 0, 0, 0, 1, 0)]
    [InlineData("MaxPool", 3, 1, 2, 0, 2, 1, 0, 0)]
    [InlineData("AveragePool", 3, 2, 1, 1, 1, 1, 0, 0)]
    [InlineData("AveragePool", 3, 2, 1, 1, 1, 1, 0, 1)]
    [InlineData("AveragePool", 3, 1, 1, 0, 0, 0, 0, 1)]
    [InlineData("AveragePool", 3, 2, 0, 1, 1, 0, 0, 0)]
    [InlineData("AveragePool", 2, 2, 0, 0, 0, 0, 1, 1)]
    public void Pools(string type, long kernel, long stride, long top, long left, long bottom, long right, long ceil, long counts)
    {
        foreach (var size in (long[])[12, 13])
        {
            var graph = new DrawnGraph(10, 1, 3, size, size);
            var x = graph.Node("Conv", $"image,{graph.Weight(5, 3, 3, 3)},{graph.Weight(5)}");
            var pool = graph.Node(type, x, Of("kernel_shape", [kernel, kernel]), Of("strides", [stride, stride]),
                Of("pads", [top, left, bottom, right]), Of("ceil_mode", ceil));
            if (type == "AveragePool")
                graph.Graph.Node[^1].Attribute.Add(Of("count_include_pad", counts));
            _folder.Agrees(graph.Classified(pool, 5));
        }
    }

    public static TheoryData<string, int> Functions => new()
    {
        { "Relu", 7 }, { "LeakyRelu", 7 }, { "Sigmoid", 7 }, { "HardSigmoid", 7 }, { "HardSwish", 14 }, { "Relu6", 7 }, { "Relu6", 11 },
        { "Clip", 7 }, { "Clip", 13 }, { "SiLU", 9 }, { "Hard swish by HardSigmoid", 13 }, { "Hard swish divided at the end", 11 },
        { "Hard swish divided before", 9 }, { "Hard sigmoid by Clip", 11 }, { "Scaled", 8 },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Functions_also_spelled_out(string function, int opset)
    {
        var graph = new DrawnGraph(opset, 1, 3, 8, 8);
        var x = graph.Node("Conv", $"image,{graph.Weight(6, 3, 3, 3)},{graph.Weight(6)}");
        x = function switch
        {
            "Relu6" => Clip(x, 0, 6),
            "Clip" => Clip(x, -0.5, 1.25),
            "LeakyRelu" => graph.Node("LeakyRelu", x, Of("alpha", 0.3)),
            "HardSigmoid" => graph.Node("HardSigmoid", x, Of("alpha", 0.3), Of("beta", 0.4)),
            "SiLU" => graph.Node("Mul", $"{graph.Node("Sigmoid", x)},{x}"),
            "Hard swish by HardSigmoid" => graph.Node("Mul", $"{x},{graph.Node("HardSigmoid", x, Of("alpha", 1 / 6.0))}"),
            "Hard swish divided at the end" => Divided(graph.Node("Mul", $"{x},{Clip(Plus3(x), 0, 6)}")),
            "Hard swish divided before" => graph.Node("Mul", $"{x},{Divided(Clip(Plus3(x), 0, 6))}"),
            "Hard sigmoid by Clip" => Divided(Clip(Plus3(x), 0, 6)),
            "Scaled" => graph.Node("Sub",
                $"{graph.Node("Add", $"{graph.Node("Mul", $"{x},{graph.Weight(6, 1, 1)}")},{graph.Weight(1, 6, 1, 1)}")}," +
                graph.Number(0.5)),
            _ => graph.Node(function, x),
        };
        var imported = _folder.Agrees(graph.Classified(x, 6));
        var layers = imported.Architecture.Describe(3, 8, 8, 4).Layers;
        if (function.StartsWith("Hard swish", StringComparison.Ordinal) || function == "SiLU")
            Assert.Single(layers, l => l is ActivationLayer { Function: Activation.Hardswish or Activation.SiLU });

        string Plus3(string value) => graph.Node("Add", $"{value},{graph.Number(3)}");
        string Divided(string value) => graph.Node("Div", $"{value},{graph.Number(6)}");
        string Clip(string value, double low, double high) => opset < 11
            ? graph.Node("Clip", value, Of("min", low), Of("max", high))
            : graph.Node("Clip", $"{value},{graph.Number(low)},{graph.Number(high)}");
    }

    [Theory]
    [InlineData(7)]
    [InlineData(13)]
    [InlineData(21)]
    public void A_residual_network_with_squeeze_and_excitation_and_its_channel_groups(int opset)
    {
        var graph = new DrawnGraph(opset, -1, 3, 16, 16);
        var x = Norm(graph, graph.Node("Conv", $"image,{graph.Weight(8, 3, 3, 3)}", Of("pads", [1, 1, 1, 1])), 8);
        var trunk = graph.Node("Relu", x);
        x = graph.Node("Relu", Norm(graph, graph.Node("Conv", $"{trunk},{graph.Weight(6, 8, 1, 1)}"), 6));
        x = graph.Node("Conv", $"{x},{graph.Weight(6, 1, 3, 3)}", Of("pads", [1, 1, 1, 1]), Of("group", 6));
        var gate = graph.Node("Relu", graph.Node("Conv",
            $"{graph.Node("GlobalAveragePool", x)},{graph.Weight(2, 6, 1, 1)},{graph.Weight(2)}"));
        gate = graph.Node("HardSigmoid", graph.Node("Conv", $"{gate},{graph.Weight(6, 2, 1, 1)},{graph.Weight(6)}"));
        x = graph.Node("Conv", $"{graph.Node("Mul", $"{gate},{x}")},{graph.Weight(8, 6, 1, 1)},{graph.Weight(8)}");
        x = graph.Node("Add", $"{x},{trunk}");
        x = graph.Node("Concat", $"{x},{trunk}", Of("axis", 1));
        var network = _folder.Agrees(graph.Classified(x, 16)).Architecture.Describe(3, 16, 16, 4);
        Assert.Equal([8, 6, 2], network.FullWidths);
    }

    [Theory]
    [InlineData("Flatten")]
    [InlineData("Reshape")]
    [InlineData("Squeeze")]
    [InlineData("ReduceMean")]
    [InlineData("Shape")]
    [InlineData("MatMul")]
    [InlineData("Conv")]
    [InlineData("MaxPool")]
    [InlineData("AveragePool")]
    [InlineData("Softmax")]
    [InlineData("Hidden")]
    public void Ends_of_networks(string end)
    {
        var graph = new DrawnGraph(13, 1, 3, 8, 8);
        var x = graph.Node("Relu", graph.Node("Conv", $"image,{graph.Weight(6, 3, 3, 3)},{graph.Weight(6)}"));
        if (end == "Conv")
        {
            x = graph.Node("Conv", $"{graph.Node("Dropout", x)},{graph.Weight(4, 6, 1, 1)},{graph.Weight(4)}");
            graph.Ending(graph.Node("Flatten", graph.Node("GlobalAveragePool", x)));
        }
        else
        {
            var pooled = end switch
            {
                "ReduceMean" => graph.Node("ReduceMean", x, Of("axes", [-1, -2]), Of("keepdims", 0)),
                "MaxPool" => graph.Node("Flatten", graph.Node("GlobalMaxPool", x)),
                "AveragePool" => graph.Node("Flatten", graph.Node("AveragePool", x, Of("kernel_shape", [6, 6]))),
                "Reshape" => graph.Node("Reshape", $"{graph.Node("GlobalAveragePool", x)},{graph.Integers(-1, 6)}"),
                "Squeeze" => graph.Node("Squeeze", $"{graph.Node("GlobalAveragePool", x)},{graph.Integers(2, 3)}"),
                "Shape" => ByShape(graph, graph.Node("GlobalAveragePool", x)),
                _ => graph.Node("Flatten", graph.Node("GlobalAveragePool", x)),
            };
            if (end == "Hidden")
                pooled = graph.Node("Relu", graph.Node("Gemm", $"{pooled},{graph.Weight(6, 6)},{graph.Weight(6)}",
                    Of("alpha", 0.5), Of("beta", 2.0)));
            x = end == "MatMul"
                ? graph.Node("Add", $"{graph.Weight(4)},{graph.Node("MatMul", $"{pooled},{graph.Weight(6, 4)}")}")
                : graph.Node("Gemm", $"{pooled},{graph.Weight(6, 4)}");
            graph.Ending(end == "Softmax" ? graph.Node("Identity", graph.Node("Softmax", x, Of("axis", 1))) : x);
        }
        Assert.Equal(4, _folder.Agrees(graph).Classes);
    }

    [Fact]
    public void Images_whose_channels_come_last_and_a_classifier_that_reads_pixel_by_pixel()
    {
        var graph = new DrawnGraph(11, -1, 8, 8, 3);
        var x = graph.Node("Transpose", graph.Node("Sub", $"image,{graph.Weight(3)}"), Of("perm", [0, 3, 1, 2]));
        x = graph.Node("Conv", $"{x},{graph.Weight(5, 3, 3, 3)},{graph.Weight(5)}");
        x = graph.Node("Transpose", graph.Node("Relu", x), Of("perm", [0, 2, 3, 1]));
        x = graph.Node("Reshape", $"{x},{graph.Integers(-1, 180)}");
        graph.Ending(graph.Node("Gemm", $"{x},{graph.Weight(180, 4)},{graph.Weight(4)}"));
        Assert.NotNull(_folder.Agrees(graph).PixelMean);
    }

    [Fact]
    public void Pads_and_weights_that_other_nodes_make()
    {
        var graph = new DrawnGraph(13, 1, 3, 8, 8);
        var x = graph.Node("Pad", $"image,{graph.Integers(0, 0, 1, 2, 0, 0, 0, 1)},{graph.Number(0.25)}");
        x = graph.Node("Conv", $"{x},{graph.Node("Transpose", graph.Weight(3, 5, 3, 2), Of("perm", [1, 0, 3, 2]))}");
        x = graph.Node("Sum", $"{x},{x},{x}");
        _folder.Agrees(graph.Classified(x, 5));
    }

    [Fact]
    public void Scale_and_shift_of_the_pixels_become_the_normalisation_of_the_run()
    {
        var graph = new DrawnGraph(9, 1, 3, 8, 8);
        var x = graph.Node("Div", $"{graph.Node("Sub", $"image,{graph.Weight(3, 1, 1)}")},{graph.Positive(1, 3, 1, 1)}");
        x = graph.Node("Conv", $"{x},{graph.Weight(5, 3, 3, 3)}", Of("pads", [1, 1, 1, 1]));
        var imported = _folder.Agrees(graph.Classified(x, 5));
        Assert.Equal(3, imported.PixelMean!.Count);
        Assert.IsType<ConvLayer>(imported.Architecture.Describe(3, 8, 8, 4).Layers[1]);
    }

    private static string Norm(DrawnGraph graph, string x, int channels) => graph.Node("BatchNormalization",
        $"{x},{graph.Positive(channels)},{graph.Weight(channels)},{graph.Weight(channels)},{graph.Positive(channels)}",
        Of("epsilon", 1e-3));

    // [batch, −1] computed from the shape, as PyTorch writes x.view(x.size(0), −1).
    private static string ByShape(DrawnGraph graph, string x)
    {
        var batch = graph.Node("Gather", $"{graph.Node("Shape", x)},{graph.Integers(0)}");
        var shape = graph.Node("Concat", $"{batch},{graph.Integers(-1)}", Of("axis", 0));
        return graph.Node("Reshape", $"{x},{shape}");
    }
}
