namespace Microsoft.ML.Dmcp.Estimators.OnnxGraphs;

/// <summary>In which numbers a graph computes: float32, unless a derived class writes others.</summary>
/// <param name="graph">The graph.</param>
internal class GraphPrecision(IOnnxGraph graph)
{
    /// <summary>Adds the weights of a convolution or a linear layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weight">Its weight, with the batch norm that is folded into it.</param>
    /// <param name="shape">Dimensions of the weight, the outputs first.</param>
    /// <param name="bias">Its bias; null for none.</param>
    /// <returns>What its node reads beside the layer's input.</returns>
    public virtual IEnumerable<string> AddWeights(Layer layer, float[] weight, long[] shape, float[]? bias)
    {
        var name = graph.AddConstant($"{layer.Name}.weight", weight, shape);
        return bias is null ? [name] : [name, graph.AddConstant($"{layer.Name}.bias", bias, bias.Length)];
    }

    /// <summary>The value of a layer as those that follow read it.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="value">The name of what its nodes give, or of the same flattened.</param>
    public virtual string Value(int layer, string value) => value;
}
