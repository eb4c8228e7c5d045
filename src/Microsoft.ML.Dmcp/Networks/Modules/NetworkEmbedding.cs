using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>
/// The features behind the scores: what the last dense layer with weights (a convolution or a linear layer) reads, averaged over the
/// positions where that is still an image. A head may end in a 1x1 convolution and a global pool (NiN, SqueezeNet) rather than in a linear
/// layer.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="alignment">Multiple of channels in which groups are computed.</param>
internal sealed class NetworkEmbedding(NetworkDescription network, int alignment)
{
    private readonly ValueShape _shape = network.Shapes[InputOf(network)];
    private readonly ChannelSlices _channels = new(network.Shapes[InputOf(network)], network.GateOffsets, alignment);

    /// <summary>Index of the layer whose first input is the embedding.</summary>
    public int Reader { get; } = ReaderOf(network);

    /// <summary>Length of the embedding at full widths.</summary>
    public int Size => _shape.Channels * _shape.FeaturesPerChannel;

    /// <summary>The embedding, [N, <see cref="Size"/>], without channels that only pad.</summary>
    /// <param name="value">What the reader reads, [N, C, H, W] or [N, C].</param>
    /// <param name="widths">Width of every channel group; null for the full widths.</param>
    public Tensor Of(Tensor value, IReadOnlyList<int>? widths)
    {
        var isImage = _shape is not { Height: 1, Width: 1 };
        return _channels.Unpad(isImage ? value.mean([2, 3]) : value.flatten(1), 1, widths);
    }

    private static int InputOf(NetworkDescription network) => network.Layers[ReaderOf(network)].Inputs[0];

    // A network without such a layer has no other features than what its last layer reads.
    private static int ReaderOf(NetworkDescription network)
    {
        for (var i = network.Layers.Count - 1; i > 0; i--)
            if (network.Layers[i] is ConvLayer { Depthwise: false } or LinearLayer)
                return i;
        return network.Layers.Count - 1;
    }
}
