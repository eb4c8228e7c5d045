namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>Reads fully connected layers.</summary>
internal static class DenseReader
{
    public static OnnxValue Gemm(NodeReader node)
    {
        if (node.Integer("transA", 0) != 0)
            throw node.Invalid("its features are transposed (transA)");
        return Dense(node, node.Integer("transB", 0) != 0, node.OptionalConstant(2), node.Number("alpha", 1), node.Number("beta", 1));
    }

    public static OnnxValue MatMul(NodeReader node)
    {
        // The bias is a node of its own.
        var readers = node.Network.Graph.ReadersOf(node.Node.Output[0]);
        if (readers is [{ OpType: "Add" } add] && add.Input.Count == 2 && node.Network.Graph.Output != node.Node.Output[0])
        {
            var other = add.Input[add.Input[0] == node.Node.Output[0] ? 1 : 0];
            if (node.Network.ValueOf(other) is ConstantValue { Tensor: var bias } && node.Constant(1).Dims[^1] == bias.Count)
            {
                var value = Dense(node, isTransposed: false, bias, 1, 1);
                node.Network.Fuse(add, value);
                return value;
            }
        }
        return Dense(node, isTransposed: false, null, 1, 1);
    }

    private static FeatureValue Dense(NodeReader node, bool isTransposed, OnnxTensor? bias, double alpha, double beta)
    {
        var (network, x, weight) = (node.Network, node.Plain(0), node.Constant(1));
        if (x.Rank != 2 || weight.Dims.Count != 2)
            throw node.Invalid($"it multiplies features of {x.Rank} dimensions by a weight of {weight.Dims.Count}; only 2 by 2 are read");
        var (inputs, outputs) = isTransposed ? (weight.Dims[1], weight.Dims[0]) : (weight.Dims[0], weight.Dims[1]);
        var features = x.Dims(1)[1];
        if (inputs != features)
            throw node.Invalid($"its weight reads {inputs} features, and there are {features}: the image has another size than the file's");
        if (bias is not null && bias.Count != outputs && bias.Count != 1)
            throw node.Invalid($"its bias has {bias.Count} elements for {outputs} outputs");
        var (count, isKept) = ConvolutionReader.HeadOf(node, node.Small(outputs, "number of outputs"));
        // One pixel stays an image, so that what follows may multiply images by it.
        var isHead = network.Source.Head == node.Node;
        var name = network.NameOf(node.Node, node.Node.Input[1]);
        var value = x.IsFlat || isHead
            ? network.Net.Linear(x.Value, count, bias is not null, name)
            : network.Net.Conv(x.Value, count, 1, bias: bias is not null, name: name);
        if (isKept)
        {
            IReadOnlyList<long> dims = x.IsFlat || isHead ? [outputs, inputs] : [outputs, inputs, 1, 1];
            network.Weight(name, "weight", dims, () => Weights(weight, isTransposed, (float)alpha, x.FlattenedPixels));
            if (bias is not null)
                network.Weight(name, "bias", [outputs], () => Bias(bias, (int)outputs, (float)beta));
        }
        return new FeatureValue(value, Rank: 2, IsFlat: x.IsFlat || isHead);
    }

    private static float[] Weights(OnnxTensor weight, bool isTransposed, float alpha, (int Height, int Width)? pixels)
    {
        var values = weight.Floats();
        var (outputs, inputs) = isTransposed
            ? ((int)weight.Dims[0], (int)weight.Dims[1]) : ((int)weight.Dims[1], (int)weight.Dims[0]);
        var area = pixels is var (height, width) ? height * width : 1;
        var channels = inputs / area;
        var result = new float[values.Length];
        for (var output = 0; output < outputs; output++)
            for (var input = 0; input < inputs; input++)
            {
                // Ours come channel by channel, the file's may come pixel by pixel.
                var theirs = input % area * channels + input / area;
                var place = isTransposed ? output * inputs + theirs : theirs * outputs + output;
                result[output * inputs + input] = alpha * values[place];
            }
        return result;
    }

    private static float[] Bias(OnnxTensor bias, int outputs, float beta)
    {
        var values = bias.Floats();
        return Enumerable.Range(0, outputs).Select(i => beta * values[values.Length == 1 ? 0 : i]).ToArray();
    }
}
