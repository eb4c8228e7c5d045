using static Microsoft.ML.Dmcp.Estimators.OnnxGraphs.OnnxAttribute;

namespace Microsoft.ML.Dmcp.Estimators.OnnxGraphs;

/// <summary>Writes element-wise non-linearities.</summary>
/// <param name="graph">Where to.</param>
/// <param name="opset">Version of the operators.</param>
internal sealed class ActivationNodes(IOnnxGraph graph, int opset)
{
    private const int FirstWithHardSwish = 14;

    /// <summary>Adds the nodes of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="x">What it reads.</param>
    /// <returns>Name of the result.</returns>
    public string Add(ActivationLayer layer, string x) => layer.Function switch
    {
        Activation.ReLU => graph.AddNode("Relu", layer.Name, [x]),
        Activation.ReLU6 => graph.AddNode("Clip", layer.Name,
            [x, graph.AddConstant($"{layer.Name}.min", [0]), graph.AddConstant($"{layer.Name}.max", [6])]),
        Activation.SiLU => Gated(layer, x, graph.AddNode("Sigmoid", $"{layer.Name}.sigmoid", [x])),
        Activation.Hardswish when opset >= FirstWithHardSwish => graph.AddNode("HardSwish", layer.Name, [x]),
        Activation.Hardswish => Gated(layer, x, HardSigmoid($"{layer.Name}.hardsigmoid", x)),
        Activation.Hardsigmoid => HardSigmoid(layer.Name, x, layer.Alpha, layer.Beta),
        Activation.LeakyReLU => graph.AddNode("LeakyRelu", layer.Name, [x], Float("alpha", layer.Alpha ?? 0.01)),
        Activation.Clip => graph.AddNode("Clip", layer.Name,
            [x, graph.AddConstant($"{layer.Name}.min", [(float)(layer.Alpha ?? float.MinValue)]),
                graph.AddConstant($"{layer.Name}.max", [(float)(layer.Beta ?? float.MaxValue)])]),
        Activation.Sigmoid => graph.AddNode("Sigmoid", layer.Name, [x]),
        _ => throw new ArgumentException($"Layer '{layer.Name}' has an unknown function {layer.Function}.", nameof(layer)),
    };

    private string Gated(ActivationLayer layer, string x, string gate) => graph.AddNode("Mul", layer.Name, [x, gate]);

    // ReLU6(x + 3)/6; by itself ONNX's has a slope of 0.2.
    private string HardSigmoid(string node, string x, double? alpha = null, double? beta = null) =>
        graph.AddNode("HardSigmoid", node, [x], Float("alpha", alpha ?? 1.0 / 6), Float("beta", beta ?? 0.5));
}
