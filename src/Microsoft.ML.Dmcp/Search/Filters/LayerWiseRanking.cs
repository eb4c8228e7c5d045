using Microsoft.ML.Dmcp.Channels;

namespace Microsoft.ML.Dmcp.Search.Filters;

/// <summary>The most important channels of every group, as many as were given before.</summary>
/// <param name="widths">How many in the end.</param>
/// <param name="fullWidths">How many in the unpruned network.</param>
internal sealed class LayerWiseRanking(IReadOnlyList<int> widths, IReadOnlyList<int> fullWidths) : IFilterRanking
{
    public int[][] Keep(IReadOnlyList<double[]> importance, double progress) =>
        FilterImportance.Best(importance, widths.Select((_, g) => WidthAt(g, progress)).ToArray());

    /// <summary>Every step takes the same share of what is left.</summary>
    private int WidthAt(int g, double progress) =>
        Math.Max(widths[g], (int)Math.Round(fullWidths[g] * Math.Pow((double)widths[g] / fullWidths[g], progress)));
}
