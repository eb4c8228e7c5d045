using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Search.Slimmable;

/// <summary>What a choice among the structures of a trained slimmable network has to go by.</summary>
/// <param name="Grid">The blocks of the groups.</param>
/// <param name="Allowed">The widths that a result may have.</param>
/// <param name="Limits">The budget.</param>
/// <param name="Accuracy">Accuracy of a structure on the images put aside.</param>
/// <param name="Random">Where the randomness comes from.</param>
/// <param name="Progress">Gets the share of the choice that is done, in [0, 1].</param>
internal sealed record StructureChoice(
    WidthGrid Grid, AllowedWidths Allowed, CostLimits Limits, Func<int[], double> Accuracy,
    RandomSource Random, Action<double> Progress)
{
    /// <summary>Structures that use the budget, made of any proportions of widths.</summary>
    public StructureGenes Genes => new(Grid, Allowed, Limits);
}
