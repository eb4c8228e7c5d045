using Microsoft.ML.Dmcp.Networks.Kernels;
using Microsoft.ML.Dmcp.Runs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>
/// Batch norm over the kept channels. The gates of Eq. 7 multiply its scale and shift: the same as multiplying its result, at no cost.
/// </summary>
internal sealed class BatchNormOperator(
    BatchNormLayer layer, Parameter weight, Parameter bias, Tensor mean, Tensor variance, ChannelSlices channels) : Operator
{
    /// <summary>
    /// The ReLU or ReLU6 that alone reads the result, or the sum of the result and another value: computed along wherever the statistics of
    /// the batch are used. Null for none.
    /// </summary>
    public ActivationLayer? Activation { get; set; }

    /// <summary>Whether the sum that alone reads the result has it computed (<see cref="SumOperator.Norm"/>).</summary>
    public bool IsPartOfSum { get; set; }

    public override bool ResultMayBeOverwritten => true;

    public override Tensor Run(Tensor[] inputs, in NetworkPass pass) =>
        IsPartOfSum && pass.Statistics != NormStatistics.Running ? inputs[0] : Run(inputs[0], null, pass);

    /// <summary>The normalised values, and what is computed along.</summary>
    /// <param name="x">The values.</param>
    /// <param name="summand">What is added before the activation; null for nothing.</param>
    /// <param name="pass">How the network runs.</param>
    public Tensor Run(Tensor x, Tensor? summand, in NetworkPass pass)
    {
        var w = pass.Take(weight, channels);
        var b = pass.Take(bias, channels);
        if (pass.Gates is not null)
        {
            var gates = channels.GatesOf(pass.Gates, pass.Widths);
            w = w.mul(gates);
            b = b.mul(gates);
        }
        if (pass.Ranks is { } ranks && pass.Statistics != NormStatistics.Running && (ranks.SynchronizesNorms || pass.Momentum is not null))
            return Finish(SynchronizedNorm.Run(x, w, b, layer.Epsilon, ranks, TrackerOf(pass)), summand);
        var momentum = pass.Momentum ?? layer.Momentum;
        if (pass.Statistics == NormStatistics.Batch)
            return Normalize(x, w, b, summand, null, null, momentum);

        var m = channels.Take(mean, 0, pass.Widths);
        var v = channels.Take(variance, 0, pass.Widths);
        if (pass.Statistics == NormStatistics.Running)
            return nn.functional.batch_norm(x, m, v, w, b, false, momentum, layer.Epsilon);
        var result = Normalize(x, w, b, summand, m, v, momentum);
        if (channels.Copies(pass.Widths))
        {
            channels.Put(mean, m, pass.Widths);
            channels.Put(variance, v, pass.Widths);
        }
        return result;
    }

    /// <summary>With the statistics of the batch, which enter running ones that are given; sum and activation along.</summary>
    private Tensor Normalize(
        Tensor x, Tensor w, Tensor b, Tensor? summand, Tensor? runningMean, Tensor? runningVariance, double momentum)
    {
        if (NormLayout.Of(x, w) is not { } layout || summand is not null && !FusedNorm.CanAdd(summand, x))
            return Finish(nn.functional.batch_norm(x, runningMean, runningVariance, w, b, true, momentum, layer.Epsilon), summand);
        var (lower, upper) = Activation is null
            ? (float.NegativeInfinity, float.PositiveInfinity) : ActivationOperator.LimitsOf(Activation)!.Value;
        var settings = new NormSettings(layout, layer.Epsilon, lower, upper, runningMean, runningVariance, momentum);
        return FusedNorm.Run(x, w, b, summand, settings);
    }

    /// <summary>Sum and activation behind a result of libtorch.</summary>
    private Tensor Finish(Tensor result, Tensor? summand)
    {
        if (summand is not null)
            result = result.add_(summand, Scalars.One);
        return Activation is null ? result : ActivationOperator.Activate(Activation, result, overwrite: true);
    }

    /// <summary>Lets the statistics of a batch enter the running ones; null where they do not.</summary>
    private Action<Tensor, Tensor>? TrackerOf(NetworkPass pass)
    {
        if (pass.Statistics != NormStatistics.BatchTracked)
            return null;
        return (batchMean, batchVariance) =>
        {
            using var noGradient = no_grad();
            Enter(mean, batchMean);
            Enter(variance, batchVariance);
        };

        void Enter(Tensor running, Tensor batch)
        {
            var kept = channels.Take(running, 0, pass.Widths);
            var weight = pass.Momentum ?? layer.Momentum;
            using Scalar old = 1 - weight, fresh = weight;
            kept.mul_(old).add_(batch, fresh);
            if (channels.Copies(pass.Widths))
                channels.Put(running, kept, pass.Widths);
        }
    }
}
