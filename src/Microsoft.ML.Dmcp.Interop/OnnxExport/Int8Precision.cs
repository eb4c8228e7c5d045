using Microsoft.ML.Dmcp.Estimators.OnnxGraphs;
using static Microsoft.ML.Dmcp.Estimators.OnnxGraphs.OnnxAttribute;

namespace Microsoft.ML.Dmcp.Interop.OnnxExport;

/// <summary>
/// Weights and values in 8 bits, the way runtimes expect it (QDQ): nodes that quantise and others that take it back stand around the
/// operators, and a runtime computes what lies between two of them with integers. The scores stay floats.
/// </summary>
internal sealed class Int8Precision : GraphPrecision
{
    private readonly OnnxGraph _graph;
    private readonly NetworkDescription _network;
    private readonly ActivationRanges _ranges;
    private readonly bool[] _quantized;

    /// <param name="graph">Where to.</param>
    /// <param name="network">The network.</param>
    /// <param name="folded">The batch norms that are part of the convolution before them.</param>
    /// <param name="ranges">The ranges of its values.</param>
    public Int8Precision(OnnxGraph graph, NetworkDescription network, FoldedBatchNorms folded, ActivationRanges ranges)
        : base(graph)
    {
        (_graph, _network, _ranges) = (graph, network, ranges);
        var layers = network.Layers;
        _quantized = new bool[layers.Count];
        var readers = layers.SelectMany((layer, i) => layer.Inputs.Select(input => (input, i))).ToLookup(r => r.input, r => r.i);
        var isScores = new bool[layers.Count];
        for (var i = layers.Count - 1; i >= 0; i--)
        {
            // What the scores are made of keeps all its digits. What only one layer reads, which runtimes make part of the one before, is
            // quantised behind that.
            isScores[i] = readers[i].All(reader => isScores[reader] && layers[reader] is DropoutLayer or FlattenLayer);
            _quantized[i] = !isScores[i] && !(readers[i].Count() == 1 && BecomesPart(layers[readers[i].Single()]));
        }

        bool BecomesPart(Layer reader) => reader switch
        {
            BatchNormLayer norm => folded.Contains(norm),
            ActivationLayer { Function: Activation.ReLU or Activation.ReLU6 or Activation.Clip } => true,
            _ => false,
        };
    }

    public override IEnumerable<string> AddWeights(Layer layer, float[] weight, long[] shape, float[]? bias)
    {
        var quantized = Int8Weights.Of(weight, bias, checked((int)shape[0]), ScaleOf(layer.Inputs[0]).Scale);
        var name = $"{layer.Name}.weight";
        yield return Restored(name, _graph.AddTensor($"{name}_int8", quantized.Values, shape), quantized.Scales, new sbyte[shape[0]]);
        if (quantized.Bias is null)
            yield break;
        name = $"{layer.Name}.bias";
        yield return Restored(name, _graph.AddTensor($"{name}_int32", quantized.Bias, shape[0]), quantized.BiasScales, new int[shape[0]]);
    }

    public override string Value(int layer, string value)
    {
        if (!_quantized[Source(layer)])
            return value;
        var (name, (scale, zeroPoint)) = (_network.Layers[layer].Name, ScaleOf(layer));
        string[] numbers = [_graph.AddConstant($"{name}.scale", [scale]), _graph.AddTensor($"{name}.zero_point", [zeroPoint])];
        return _graph.AddNode("DequantizeLinear", $"{name}.restored",
            [_graph.AddNode("QuantizeLinear", $"{name}.quantized", [value, .. numbers]), .. numbers]);
    }

    // One scale for every output channel.
    private string Restored<T>(string name, string values, float[] scales, T[] zeroPoints)
        where T : unmanaged
    {
        var scale = _graph.AddConstant($"{name}_scale", scales, scales.Length);
        var zeroPoint = _graph.AddTensor($"{name}_zero_point", zeroPoints, scales.Length);
        return _graph.AddNode("DequantizeLinear", name, [values, scale, zeroPoint], Int("axis", 0));
    }

    private Int8Scale ScaleOf(int layer)
    {
        // What only picks or orders values keeps their scale, so that a runtime can do so with the bytes.
        while (_network.Layers[layer] is DropoutLayer or FlattenLayer or PoolLayer { Kind: PoolKind.Max })
            layer = _network.Layers[layer].Inputs[0];
        return Int8Scale.Of(_ranges[layer].Lowest, _ranges[layer].Highest);
    }

    private int Source(int layer)
    {
        while (_network.Layers[layer] is DropoutLayer)
            layer = _network.Layers[layer].Inputs[0];
        return layer;
    }
}
