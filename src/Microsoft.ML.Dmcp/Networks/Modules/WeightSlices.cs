using Microsoft.ML.Dmcp.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>
/// The parts of the weights that one pass of a sub-network is computed with, as leaves of their own: a gradient lands in the part and is
/// added to the weight's in the end. Left to itself, libtorch makes zeros of the size of the whole weight for every part and adds them all.
/// </summary>
/// <param name="onGradient">
/// Gets every weight as soon as the backward pass has added to its gradient, whole weights too; null to add by
/// <see cref="AddGradients"/>.
/// </param>
internal sealed class WeightSlices(Action<Tensor>? onGradient = null)
{
    private readonly List<Slice> _slices = [];

    private sealed record Slice(Tensor Weight, Tensor Part, ChannelSlices Output, ChannelSlices? Input, IReadOnlyList<int>? Widths);

    /// <summary>Whether a weight that is not cut is a part too.</summary>
    public bool TakesWholeWeights => onGradient is not null;

    /// <summary>Makes a part of a weight a leaf whose gradient belongs to the weight.</summary>
    /// <param name="weight">The weight, [outputs, inputs, ...] or [outputs].</param>
    /// <param name="part">Its part, without a history.</param>
    /// <param name="output">Which outputs.</param>
    /// <param name="input">Which inputs; null for all.</param>
    /// <param name="widths">Width of every channel group.</param>
    /// <returns>What to compute with.</returns>
    public Tensor Add(Tensor weight, Tensor part, ChannelSlices output, ChannelSlices? input, IReadOnlyList<int>? widths)
    {
        part.requires_grad = true;
        var slice = new Slice(weight, part, output, input, widths);
        if (onGradient is null)
        {
            _slices.Add(slice);
            return part;
        }
        return GradientHook.On(part, gradient =>
        {
            using var scope = NewDisposeScope();
            AddGradient(slice, gradient);
            onGradient(weight);
        });
    }

    /// <summary>Adds the gradients of the parts to those of the weights, which must have some.</summary>
    public void AddGradients()
    {
        using var noGradient = no_grad();
        foreach (var slice in _slices)
            AddGradient(slice, slice.Part.grad!);
    }

    private static void AddGradient(Slice slice, Tensor gradient)
    {
        foreach (var (whole, part) in slice.Output.Pairs(slice.Weight.grad!, gradient, 0, slice.Widths))
        {
            if (slice.Input is null)
                whole.add_(part, Scalars.One);
            else
                foreach (var (wholeColumns, columns) in slice.Input.Pairs(whole, part, 1, slice.Widths))
                    wholeColumns.add_(columns, Scalars.One);
        }
    }
}
