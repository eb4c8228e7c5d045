using static Microsoft.ML.Dmcp.Estimators.OnnxGraphs.OnnxAttribute;

namespace Microsoft.ML.Dmcp.Estimators.OnnxGraphs;

/// <summary>Writes the layers of a network as nodes.</summary>
/// <param name="graph">Where to.</param>
/// <param name="weights">The layers' weights.</param>
/// <param name="folded">The batch norms that are part of the convolution before them; null for none.</param>
/// <param name="precision">In which numbers.</param>
/// <param name="opset">Version of the operators.</param>
internal sealed class LayerNodes(
    IOnnxGraph graph, LayerWeights weights, FoldedBatchNorms? folded, GraphPrecision precision, int opset)
{
    private readonly ActivationNodes _activations = new(graph, opset);

    /// <summary>Adds the nodes of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="x">What it reads.</param>
    /// <returns>Its value.</returns>
    public OnnxValue Add(Layer layer, IReadOnlyList<OnnxValue> x) => layer switch
    {
        ConvLayer conv => x[0] with { Name = Convolution(conv, x[0].Name) },
        BatchNormLayer norm when folded?.Contains(norm) == true => x[0],
        BatchNormLayer norm => x[0] with { Name = BatchNormalization(norm, x[0].Name) },
        ActivationLayer activation => x[0] with { Name = _activations.Add(activation, x[0].Name) },
        PoolLayer pool => x[0] with { Name = Pool(pool, x[0].Name) },
        PadLayer pad => x[0] with { Name = Pad(pad, x[0].Name) },
        GlobalPoolLayer => x[0] with { Name = graph.AddNode("GlobalAveragePool", layer.Name, [x[0].Name]) },
        AddLayer => x[0] with { Name = graph.AddNode("Add", layer.Name, Names(x)) },
        MultiplyLayer => x[0] with { Name = graph.AddNode("Mul", layer.Name, Names(x)) },
        ConcatLayer => x[0] with { Name = graph.AddNode("Concat", layer.Name, Names(x), Int("axis", 1)) },
        FlattenLayer => Flatten(layer.Name, x[0]),
        LinearLayer linear => new OnnxValue(Gemm(linear, Flat(linear, x[0])), IsFlat: true),
        DropoutLayer => x[0],
        _ => throw new ArgumentException($"Layer '{layer.Name}' is of kind {layer.GetType().Name}, which has no ONNX form.", nameof(layer)),
    };

    /// <summary>A value as [N, features], with a node where it is none yet.</summary>
    public OnnxValue Flatten(string node, OnnxValue x) =>
        x.IsFlat ? x : new OnnxValue(graph.AddNode("Flatten", node, [x.Name], Int("axis", 1)), IsFlat: true);

    private string Convolution(ConvLayer conv, string x)
    {
        var (weight, bias) = folded is null
            ? (weights.Of(conv, "weight"), conv.HasBias ? weights.Of(conv, "bias") : null)
            : folded.WeightsOf(conv, weights);
        return graph.AddNode("Conv", conv.Name, [x, .. precision.AddWeights(conv, weight, weights.ShapeOf(conv), bias)],
            [.. Window(conv.Sliding), Int("group", conv.Depthwise ? conv.OutChannels : Math.Max(1, conv.Groups))]);
    }

    private string BatchNormalization(BatchNormLayer norm, string x)
    {
        var inputs = new List<string> { x };
        foreach (var name in (string[])["weight", "bias", "running_mean", "running_var"])
        {
            var values = weights.Of(norm, name);
            inputs.Add(graph.AddConstant($"{norm.Name}.{name}", values, values.Length));
        }
        return graph.AddNode("BatchNormalization", norm.Name, inputs, Float("epsilon", norm.Epsilon));
    }

    private string Pool(PoolLayer pool, string x)
    {
        var window = Window(pool.Sliding);
        return pool.Kind == PoolKind.Max
            ? graph.AddNode("MaxPool", pool.Name, [x], window)
            : graph.AddNode("AveragePool", pool.Name, [x], [.. window, Int("count_include_pad", pool.Kind == PoolKind.Average ? 1 : 0)]);
    }

    private string Pad(PadLayer pad, string x) => graph.AddNode("Pad", pad.Name,
        [x, graph.AddIntegers($"{pad.Name}.pads", 0, 0, pad.Top, pad.Left, 0, 0, pad.Bottom, pad.Right),
            graph.AddConstant($"{pad.Name}.value", [(float)pad.Value])]);

    private string Flat(LinearLayer linear, OnnxValue x) =>
        x.IsFlat ? x.Name : precision.Value(linear.Inputs[0], Flatten($"{linear.Name}.flatten", x).Name);

    private string Gemm(LinearLayer linear, string x)
    {
        var bias = linear.HasBias ? weights.Of(linear, "bias") : null;
        var read = precision.AddWeights(linear, weights.Of(linear, "weight"), weights.ShapeOf(linear), bias);
        return graph.AddNode("Gemm", linear.Name, [x, .. read], Int("transB", 1));
    }

    private static OnnxAttribute[] Window(SlidingWindow window)
    {
        OnnxAttribute[] attributes =
        [
            Ints("kernel_shape", window.Height, window.Width),
            Ints("strides", window.StrideY, window.StrideX),
            Ints("pads", window.Top, window.Left, window.Bottom, window.Right),
        ];
        return window is { DilationY: 1, DilationX: 1 }
            ? attributes : [.. attributes, Ints("dilations", window.DilationY, window.DilationX)];
    }

    private static IEnumerable<string> Names(IReadOnlyList<OnnxValue> values) => values.Select(v => v.Name);
}
