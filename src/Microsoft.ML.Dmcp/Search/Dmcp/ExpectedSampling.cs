using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;

namespace Microsoft.ML.Dmcp.Search.Dmcp;

/// <summary>
/// Expected sampling (3.3): every group gets its expected width (Eq. 8), rounded. The paper's search ends with the expectation inside the
/// budget; rounding, or a search that was too short, can leave it. Then all α are moved by one amount until the widths fit.
/// </summary>
internal static class ExpectedSampling
{
    /// <summary>
    /// Widths within the limits, and by how much the α were moved for it (0 where the expectation met the budget by itself).
    /// </summary>
    /// <param name="model">The searched model.</param>
    /// <param name="allowed">The widths that a result may have.</param>
    /// <param name="limits">The budget, not below the cost of the narrowest widths.</param>
    public static (int[] Widths, double Shift) Sample(MarkovModel model, AllowedWidths allowed, CostLimits limits)
    {
        var widths = allowed.Round(model.ExpectedWidthsOnHost());
        if (limits.Hold(widths) && limits.Use(widths) >= WidthAllocation.LeastUse)
            return (widths, 0);
        var reach = MarkovModel.LargestAlpha + model.AlphaOnHost().Cast<double>().Max(Math.Abs);
        return WidthAllocation.Largest(model.ExpectedWidthsOnHost, -reach, reach, allowed, limits);
    }
}
