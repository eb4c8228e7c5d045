using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Search.Slimmable;

/// <summary>What a choice among the structures of a trained slimmable network has to go by.</summary>
/// <param name="Network">The unpruned network.</param>
/// <param name="Grid">The widths that groups can have.</param>
/// <param name="Limits">The budget.</param>
/// <param name="Accuracy">Accuracy of a structure on the images put aside.</param>
/// <param name="Random">Where the randomness comes from.</param>
/// <param name="Progress">Gets the share of the choice that is done, in [0, 1].</param>
internal sealed record StructureChoice(
    NetworkDescription Network, WidthGrid Grid, CostLimits Limits, Func<int[], double> Accuracy,
    RandomSource Random, Action<double> Progress)
{
    /// <summary>Structures that use the budget, made of any proportions of widths.</summary>
    public StructureGenes Genes => new(Network, Grid, Limits);
}
