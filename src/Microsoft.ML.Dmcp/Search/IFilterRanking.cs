namespace Microsoft.ML.Dmcp.Search;

/// <summary>Which channels are kept, by their importance.</summary>
internal interface IFilterRanking
{
    /// <summary>The channels that are kept of every group, ascending.</summary>
    /// <param name="importance">Of the channels that are left, group by group.</param>
    /// <param name="progress">Share of the way from the unpruned network to the budget that they have to go, in (0, 1].</param>
    int[][] Keep(IReadOnlyList<double[]> importance, double progress);
}
