using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp;

namespace Dmcp.Compare;

/// <summary>The training of the uniformly narrowed network; of the unpruned one for all of its budget.</summary>
/// <param name="MoreEpochs">Epochs beyond those that every network is trained for: what a search takes.</param>
internal sealed record UniformPart(BudgetShares Budget, int Seed, int MoreEpochs = 0)
    : ComparedPart($"train.uniform{(MoreEpochs > 0 ? "-longer" : "")}.{Budget.Id}", Seed)
{
    public override PartResult Run(ImageLaboratory laboratory, CancellationToken cancellation) =>
        TrainPart.Trained(this, ConfigOf(laboratory.Describe(1), Budget), laboratory, cancellation, MoreEpochs);

    /// <summary>The uniform widths within a budget.</summary>
    public static ChannelConfig ConfigOf(NetworkDescription unpruned, BudgetShares budget) =>
        UniformScaling.Find(unpruned, budget.ToBudget());
}
