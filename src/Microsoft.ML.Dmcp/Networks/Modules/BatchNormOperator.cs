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
    public override bool ResultMayBeOverwritten => true;

    public override Tensor Run(Tensor[] inputs, in NetworkPass pass)
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
            return SynchronizedNorm.Run(inputs[0], w, b, layer.Epsilon, ranks, TrackerOf(pass));
        if (pass.Statistics == NormStatistics.Batch)
            return nn.functional.batch_norm(inputs[0], null, null, w, b, true, layer.Momentum, layer.Epsilon);

        var m = channels.Take(mean, 0, pass.Widths);
        var v = channels.Take(variance, 0, pass.Widths);
        var tracked = pass.Statistics == NormStatistics.BatchTracked;
        var result = nn.functional.batch_norm(inputs[0], m, v, w, b, tracked, pass.Momentum ?? layer.Momentum, layer.Epsilon);
        if (tracked && channels.Copies(pass.Widths))
        {
            channels.Put(mean, m, pass.Widths);
            channels.Put(variance, v, pass.Widths);
        }
        return result;
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
