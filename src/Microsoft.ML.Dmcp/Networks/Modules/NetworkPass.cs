using Microsoft.ML.Dmcp.Runs.Communication;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>How one forward pass runs the network.</summary>
/// <param name="Statistics">With which statistics batch norms work.</param>
/// <param name="Widths">Width of every channel group; null for the full widths.</param>
/// <param name="Gates">Factor of every channel of every group (Eq. 7), group after group; null for none.</param>
/// <param name="Momentum">Weight of this batch in the running statistics; null for each batch norm's own.</param>
/// <param name="Dropout">Whether dropout is active.</param>
/// <param name="Slices">Takes the gradients of a sub-network's weights; null to leave them to libtorch.</param>
/// <param name="Ranks">The processes that share the batch, of which this one sees its part; null for one process.</param>
internal readonly record struct NetworkPass(
    NormStatistics Statistics, IReadOnlyList<int>? Widths = null, Tensor? Gates = null, double? Momentum = null, bool Dropout = false,
    WeightSlices? Slices = null, Ranks? Ranks = null)
{
    /// <summary>The part of a weight that this pass computes with.</summary>
    /// <param name="weight">The weight, [outputs, inputs, ...] or [outputs].</param>
    /// <param name="output">Which outputs.</param>
    /// <param name="input">Which inputs; null for all.</param>
    /// <param name="type">Type of the numbers that are computed with; null for the weight's.</param>
    public Tensor Take(Tensor weight, ChannelSlices output, ChannelSlices? input = null, ScalarType? type = null)
    {
        var isLeaf = Slices is not null && weight.requires_grad
            && (Slices.TakesWholeWeights || !(output.IsWhole(Widths) && input?.IsWhole(Widths) != false));
        var whole = isLeaf ? weight.detach() : weight;
        var part = input is null ? output.Take(whole, 0, Widths) : ChannelSlices.TakeBlock(whole, output, input, Widths);
        if (type is not null && part.dtype != type)
            part = part.to(type.Value);
        return isLeaf ? Slices!.Add(weight, part, output, input, Widths) : part;
    }
}
