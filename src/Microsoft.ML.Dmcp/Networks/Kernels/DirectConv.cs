using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>
/// A convolution without bias of small images by many filters: y[n, k, p] = Σ w[k, c, t]·x[n, c, q] over the channels c and the pixels q
/// that pixel p reads by part t of the filter. oneDNN, libtorch's convolutions, takes 1.1 to 5 times as long where weights are as many as
/// values.
/// </summary>
internal sealed unsafe class DirectConv : autograd.SingleTensorFunction<DirectConv>
{
    private const string Settings = "settings";

    private sealed record Needs(ConvLayout Layout, bool InputGradient, bool WeightGradient);

    public override string Name => nameof(DirectConv);

    /// <summary>The result, [N, filters, H, W] with channels last, of x's type.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="weight">[filters, C, height, width] of x's type.</param>
    /// <param name="layout">Of the two.</param>
    public static Tensor Run(Tensor x, Tensor weight, ConvLayout layout)
    {
        var needs = new Needs(layout, x.requires_grad, weight.requires_grad);
        using var scope = NewDisposeScope();
        return (is_grad_enabled() && (needs.InputGradient || needs.WeightGradient) ? apply(x, weight, needs) : Compute(x, weight, layout))
            .MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, weight, needs) = ((Tensor)vars[0], (Tensor)vars[1], (Needs)vars[2]);
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([x, weight]);
        ctx.save_data(Settings, needs);
        return Compute(x, weight, needs.Layout);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        KernelMemory.FreeReturned();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (x, weight, needs) = (saved[0], saved[1], (Needs)ctx.get_data(Settings));
        var layout = needs.Layout;
        var job = JobOf(layout, x);
        using (grad_output)
            job.Output = KernelMemory.Pointer(KernelMemory.InOrder(grad_output).contiguous());
        job.Input = KernelMemory.InOrderPointer(x);
        job.OutputCopy = KernelMemory.Room(job.PaddedTo(ProductTile.Rows) * job.OutputRow);
        if (needs.WeightGradient)
            job.InputCopy = KernelMemory.Room(job.PaddedTo(ProductTile.Rows) * job.InputRow);
        ConvKernels.Run(ref job, ConvStep.Rows);
        fixed (ConvTap* taps = layout.Taps.ByPart)
        {
            job.Taps = taps;
            Tensor? ofInput = null, ofWeight = null;
            if (needs.WeightGradient)
            {
                ofWeight = ChannelsLast(weight.shape, x.dtype);
                job.Weights = KernelMemory.InOrderPointer(ofWeight);
                Run(ref job, ConvStep.WeightGradient);
            }
            if (needs.InputGradient)
            {
                ofInput = empty_like(x);
                job.Weights = WeightsOf(weight);
                Run(ref job, ConvStep.InputGradients);
                job.Input = KernelMemory.InOrderPointer(ofInput);
                ConvKernels.Run(ref job, ConvStep.InputGradient);
            }
            return KernelMemory.Return(scope, ofInput, ofWeight, null);
        }
    }

    private static Tensor Compute(Tensor x, Tensor weight, ConvLayout layout)
    {
        var job = JobOf(layout, x);
        var y = ChannelsLast([layout.Images, layout.Filters, layout.Taps.OutputHeight, layout.Taps.OutputWidth], x.dtype);
        job.Input = KernelMemory.InOrderPointer(x);
        job.InputCopy = KernelMemory.Room(job.InputPixels * job.Channels * job.PaddedTo(ProductTile.Unit));
        job.Weights = WeightsOf(weight);
        job.Output = KernelMemory.InOrderPointer(y);
        fixed (ConvTap* taps = layout.Taps.ByOutput)
        {
            job.Taps = taps;
            ConvKernels.Run(ref job, ConvStep.Columns);
            Run(ref job, ConvStep.Forward);
        }
        return y;
    }

    private static void Run(ref ConvJob job, ConvStep step)
    {
        job.ScratchOfChunk = ConvKernels.ScratchOf(job, step);
        job.Scratch = KernelMemory.Room(job.Chunks * job.ScratchOfChunk);
        ConvKernels.Run(ref job, step);
    }

    private static ConvJob JobOf(ConvLayout layout, Tensor x) => new()
    {
        IsBFloat16 = x.dtype == ScalarType.BFloat16,
        Chunks = layout.Chunks,
        TapCount = layout.Taps.ByOutput.Length,
        Images = layout.Images,
        Channels = layout.Channels,
        Filters = layout.Filters,
        InputPixels = layout.InputPixels,
        OutputPixels = layout.OutputPixels,
        Parts = layout.Taps.Parts,
        FilterStride = (nint)layout.FilterStride,
        PartStride = (nint)layout.PartStride,
    };

    /// <summary>Where the weights begin; they need not be contiguous.</summary>
    private static void* WeightsOf(Tensor weight) => KernelMemory.Pointer(weight.as_strided([1], [1], weight.storage_offset()));

    private static Tensor ChannelsLast(long[] shape, ScalarType type) =>
        empty_strided(shape, [shape[1] * shape[2] * shape[3], 1, shape[1] * shape[3], shape[1]], type);
}
