using Microsoft.ML.Dmcp.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>
/// The parts of the weights that one pass of a sub-network is computed with, as leaves of their own: a gradient lands in the part and is
/// added to the weight's in the end. Left to itself, libtorch makes zeros of the size of the whole weight for every part and adds them all.
/// </summary>
internal sealed class WeightSlices
{
    private readonly List<Slice> _slices = [];

    private sealed record Slice(Tensor Weight, Tensor Part, ChannelSlices Output, ChannelSlices? Input, IReadOnlyList<int>? Widths);

    /// <summary>Makes a part of a weight a leaf whose gradient belongs to the weight.</summary>
    /// <param name="weight">The weight, [outputs, inputs, ...] or [outputs].</param>
    /// <param name="part">Its part, without a history.</param>
    /// <param name="output">Which outputs.</param>
    /// <param name="input">Which inputs; null for all.</param>
    /// <param name="widths">Width of every channel group.</param>
    public void Add(Tensor weight, Tensor part, ChannelSlices output, ChannelSlices? input, IReadOnlyList<int>? widths)
    {
        part.requires_grad = true;
        _slices.Add(new Slice(weight, part, output, input, widths));
    }

    /// <summary>Adds the gradients of the parts to those of the weights, which must have some.</summary>
    public void AddGradients()
    {
        using var noGradient = no_grad();
        foreach (var slice in _slices)
            foreach (var (whole, part) in slice.Output.Pairs(slice.Weight.grad!, slice.Part.grad!, 0, slice.Widths))
            {
                if (slice.Input is null)
                    whole.add_(part, Scalars.One);
                else
                    foreach (var (wholeColumns, columns) in slice.Input.Pairs(whole, part, 1, slice.Widths))
                        wholeColumns.add_(columns, Scalars.One);
            }
    }
}
