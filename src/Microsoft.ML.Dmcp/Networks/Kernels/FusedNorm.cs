using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>
/// Batch norm with the statistics of the batch, a summand r, and the ReLU or ReLU6 behind them: y = min(max(γ·x̂ + β + r, lower), upper),
/// x̂ = (x − μ)/σ, where μ is the mean of a channel and σ² its biased variance plus ε. With g = dy where y is within the limits and 0
/// elsewhere, and n values of a channel: dr = g, dβ = Σg, dγ = Σg·x̂, dx = γ/σ·(g − (dβ + x̂·dγ)/n).
/// </summary>
internal sealed unsafe class FusedNorm : autograd.SingleTensorFunction<FusedNorm>
{
    private const string Settings = "settings";

    // Mean, 1/σ, scale and shift of every column.
    private const int Factors = 4;

    public override string Name => nameof(FusedNorm);

    /// <summary>The values behind the activation, of x's shape, order and type.</summary>
    /// <param name="x">[N, C, H, W], which have the layout that the settings name.</param>
    /// <param name="scale">γ, [C] of 32 bits.</param>
    /// <param name="shift">β, likewise.</param>
    /// <param name="summand">r, of x's shape, order and type (<see cref="CanAdd"/>); null for none.</param>
    /// <param name="settings">Layout, ε, limits, running statistics.</param>
    public static Tensor Run(Tensor x, Tensor scale, Tensor shift, Tensor? summand, NormSettings settings)
    {
        // TorchSharp makes a tensor like the result, which nobody needs: the scope frees it at once.
        using var scope = NewDisposeScope();
        return apply(x, scale, shift, summand!, settings).MoveToOuterDisposeScope();
    }

    /// <summary>Whether something can be added on the way.</summary>
    public static bool CanAdd(Tensor summand, Tensor x)
    {
        using var inOrder = KernelMemory.InOrder(summand);
        return summand.dtype == x.dtype && summand.shape.SequenceEqual(x.shape) && inOrder.is_contiguous();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, scale, shift, settings) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (NormSettings)vars[4]);
        var layout = settings.Layout;
        var y = empty_like(x);
        var factors = empty([Factors, layout.Columns], ScalarType.Float32);
        var job = JobOf(x, factors, settings);
        job.Y = KernelMemory.InOrderPointer(y);
        if (vars[3] is Tensor summand)
            job.Summand = KernelMemory.InOrderPointer(summand);
        NormFactors.Guess(job, layout);
        NormKernels.Run(ref job, NormStep.Sums);
        NormFactors.Normalize(
            job, KernelMemory.Floats(scale), KernelMemory.Floats(shift), settings,
            KernelMemory.Floats(settings.RunningMean), KernelMemory.Floats(settings.RunningVariance));
        NormKernels.Run(ref job, NormStep.Normalize);
        ctx.set_materialize_grads(false);
        ctx.save_for_backward(job.Summand == null ? [x, factors] : [x, factors, y]);
        ctx.save_data(Settings, settings);
        return y;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        KernelMemory.FreeReturned();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (x, factors) = (saved[0], saved[1]);
        var settings = (NormSettings)ctx.get_data(Settings);
        var layout = settings.Layout;
        var dx = empty_like(x);
        var (ofScale, ofShift) = (empty(layout.Channels, ScalarType.Float32), empty(layout.Channels, ScalarType.Float32));
        var job = JobOf(x, factors, settings);
        var more = empty([2, layout.Columns], ScalarType.Float32);
        job.Slope = KernelMemory.Floats(more);
        job.Constant = job.Slope + layout.Columns;
        using (grad_output)
            job.Dy = KernelMemory.Pointer(KernelMemory.InOrder(grad_output).contiguous());
        job.Dx = KernelMemory.InOrderPointer(dx);
        Tensor? ofSummand = null;
        if (saved.Count > 2)
        {
            job.Y = KernelMemory.InOrderPointer(saved[2]);
            ofSummand = empty_like(x);
            job.DSummand = KernelMemory.InOrderPointer(ofSummand);
        }
        NormKernels.Run(ref job, NormStep.GradientSums);
        NormFactors.Differentiate(job, layout, KernelMemory.Floats(ofScale), KernelMemory.Floats(ofShift));
        // The gradient of the summand is 0 beyond the limits already.
        if (ofSummand is not null)
        {
            job.Dy = job.DSummand;
            (job.Lower, job.Upper) = (float.NegativeInfinity, float.PositiveInfinity);
        }
        NormKernels.Run(ref job, NormStep.Gradient);
        return KernelMemory.Return(scope, dx, ofScale, ofShift, ofSummand, null);
    }

    /// <summary>The passes over the values. All memory belongs to the current scope.</summary>
    private static NormJob JobOf(Tensor x, Tensor factors, NormSettings settings)
    {
        var layout = settings.Layout;
        var columns = layout.Columns;
        var row = KernelMemory.Floats(factors);
        return new NormJob
        {
            IsBFloat16 = x.dtype == ScalarType.BFloat16,
            X = KernelMemory.InOrderPointer(x),
            Rows = (nint)layout.Rows,
            Columns = columns,
            Chunks = layout.Chunks,
            Sums = KernelMemory.Floats(empty([layout.Chunks, NormJob.SumsOfChunk, columns], ScalarType.Float32)),
            Mean = row,
            Inverse = row + columns,
            Scale = row + 2 * columns,
            Shift = row + 3 * columns,
            Lower = settings.Lower,
            Upper = settings.Upper,
        };
    }
}
