using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Networks;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>A cost in a <see cref="BudgetReport"/>.</summary>
/// <param name="Name">Unit of its millions.</param>
/// <param name="Cost">How it follows from widths.</param>
/// <param name="Most">The budget's limit; null for none.</param>
internal sealed record CostColumn(string Name, IWidthCost Cost, long? Most)
{
    /// <summary>A cost in millions, and its share of the unpruned network's; dashes where there is none.</summary>
    public string[] Cells(long? cost, IReadOnlyList<int> fullWidths)
    {
        var full = Cost.Count(fullWidths);
        return cost is { } count ? [CostText.Millions(count, full), CostText.Share(count, full)] : ["-", "-"];
    }
}
