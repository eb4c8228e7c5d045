using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Search.Slimmable;

/// <summary>Structures that use the budget, made of any proportions of widths: one gene in [0.01, 1] a group.</summary>
/// <param name="grid">The blocks of the groups.</param>
/// <param name="allowed">The widths that a result may have.</param>
/// <param name="limits">The budget.</param>
internal sealed class StructureGenes(WidthGrid grid, AllowedWidths allowed, CostLimits limits)
{
    /// <summary>The least gene: with none at 0, one factor can widen all groups to the full.</summary>
    public const double Least = 0.01;

    /// <summary>Random proportions.</summary>
    public double[] Draw(RandomSource random) => grid.Blocks.Select(_ => Least + (1 - Least) * random.NextDouble()).ToArray();

    /// <summary>The widths of given proportions: above the narrowest, all scaled by one factor until the budget is used.</summary>
    public int[] Widths(double[] genes)
    {
        return WidthAllocation.Largest(WidthsAt, 0, 1 / genes.Min(), allowed, limits).Widths;

        double[] WidthsAt(double factor) =>
            grid.Blocks.Select((b, g) => b.MinChannels + (b.Channels - b.MinChannels) * Math.Min(1, genes[g] * factor)).ToArray();
    }
}
