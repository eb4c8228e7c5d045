using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Optimization;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training.Evaluations;

/// <summary><see cref="FilterCriterion.Taylor"/>: the importance of every channel by the gradients of its gates.</summary>
internal static class TaylorImportance
{
    /// <summary>Batches, where nobody says how many.</summary>
    public const int UsualBatches = 10;

    /// <summary>For every channel group the importance of its channels.</summary>
    /// <param name="network">The network; batch norms work with the statistics of the batches.</param>
    /// <param name="images">Training images; they are not augmented.</param>
    /// <param name="loss">The loss of the labels.</param>
    /// <param name="count">How many batches at most.</param>
    /// <param name="random">Which images.</param>
    /// <param name="log">Of the run, which may be cancelled between batches.</param>
    /// <exception cref="OperationCanceledException">The run is cancelled.</exception>
    public static double[][] Of(
        SlimmableNetwork network, ImageBatches images, ClassificationLoss loss, int count, RandomSource random, RunLog log)
    {
        var (description, plan) = (network.Description, images.Plan);
        var batches = Math.Min(count, plan.Batches);
        var order = plan.Shuffle(random);
        using var scope = NewDisposeScope();
        var squares = zeros([description.FullWidths.Sum()], ScalarType.Float64, network.Device);
        network.TrainWeights(false);
        try
        {
            for (var n = 0; n < batches; n++)
            {
                log.ThrowIfCanceled(images.Ranks);
                using var step = NewDisposeScope();
                var batch = images.Make(images.ShareOf(plan.Batch(order, n))).As(network.DataType);
                var gates = ones(squares.shape, network.DataType, network.Device, requires_grad: true);
                var pass = new NetworkPass(NormStatistics.Batch, Gates: gates, Ranks: images.Ranks);
                loss.Of(network.Run(batch.Images, pass), batch.Labels).backward();
                images.Ranks?.Average(gates.grad!);
                squares.add_(gates.grad!.to(ScalarType.Float64).square(), Scalars.One);
            }
        }
        finally
        {
            network.TrainWeights(true);
        }
        var all = squares.DividedBy(batches).sqrt().cpu().data<double>().ToArray();
        return description.Groups.Select(g => all.AsSpan(description.GateOffsets[g.Index], g.Channels).ToArray()).ToArray();
    }
}
