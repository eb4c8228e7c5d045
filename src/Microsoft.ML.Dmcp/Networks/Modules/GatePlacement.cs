namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>
/// Where gates stand that no batch norm takes: Eq. 7 multiplies a channel after batch norm, but a layer whose output reaches an addition or
/// another convolution without one has to be gated itself.
/// </summary>
internal static class GatePlacement
{
    /// <summary>For every layer: whether its output reaches a reader that sees the channels before any gate.</summary>
    public static bool[] UngatedOutputs(NetworkDescription network)
    {
        var layers = network.Layers;
        var ungated = new bool[layers.Count];
        for (var reader = layers.Count - 1; reader > 0; reader--)
        {
            for (var position = 0; position < layers[reader].Inputs.Count; position++)
            {
                var read = layers[reader].Inputs[position];
                ungated[read] |= layers[reader] switch
                {
                    BatchNormLayer => false,
                    // The factors of a squeeze-and-excitation: the product is gated through the other operand.
                    MultiplyLayer when position == 1 => false,
                    ConvLayer { Depthwise: false } or LinearLayer or AddLayer => true,
                    // These pass channels on one by one: what matters is who reads them.
                    _ => ungated[reader],
                };
            }
        }
        return ungated;
    }
}
