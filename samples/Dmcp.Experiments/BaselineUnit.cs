using System.Diagnostics;
using Microsoft.ML.Dmcp;

namespace Dmcp.Experiments;

/// <summary>The training of the uniformly narrowed network, or of the unpruned one where the budget is null.</summary>
/// <param name="Title">Name of the baseline.</param>
/// <param name="Small">Whether the budget is the smaller one; null for the unpruned network.</param>
/// <param name="Seed">Seed of the training.</param>
internal sealed record BaselineUnit(string Title, bool? Small, int Seed) : Unit($"train.{Title}", Seed)
{
    // Recoverability begins with the weights of the unpruned network.
    public override bool KeepsCheckpoint => Small is null;

    public override UnitResult Run(Laboratory laboratory, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var config = UniformScaling.Find(laboratory.Describe(1), laboratory.BudgetOf(Small));
        var (accuracy, training) = laboratory.Images.Train(this, config, RetrainMethod.FromScratch, cancellation);
        return new UnitResult
        {
            Accuracy = accuracy,
            TrainingAccuracy = training,
            MFlops = config.Flops / 1e6,
            Seconds = watch.Elapsed.TotalSeconds,
        };
    }
}
