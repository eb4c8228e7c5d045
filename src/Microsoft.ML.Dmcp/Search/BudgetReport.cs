using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Networks;
using Microsoft.ML.Dmcp.Search;

namespace Microsoft.ML.Dmcp;

/// <summary>Whether a budget can be met, before anything is trained.</summary>
public static class BudgetReport
{
    /// <summary>
    /// A budget beside what a network costs at the narrowest, at uniform widths that use the budget, and in full, as a table. Every search
    /// logs it first. Lines end in <c>\n</c>.
    /// </summary>
    /// <example><code>
    /// var network = NetworkZoo.ResNet18().Describe(channels: 3, height: 64, width: 64, classes: 10);
    /// Console.WriteLine(Budget.Latency(0.8, table).And(Budget.FlopsRatio(0.5)).Describe(network, new WidthRange(), widthMultiple: 16));
    /// </code></example>
    /// <param name="budget">The budget.</param>
    /// <param name="network">The unpruned network.</param>
    /// <param name="widths">
    /// The widths that a search may give the groups (<see cref="SandwichSearchOptions.RangeFor"/>); null where one channel is enough.
    /// </param>
    /// <param name="widthMultiple">What all widths are multiples of. Default 1.</param>
    /// <exception cref="ArgumentException">A latency table of the budget lacks a layer of the network.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The multiple is below 1.</exception>
    public static string Describe(this Budget budget, NetworkDescription network, WidthRange? widths = null, int widthMultiple = 1)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(widthMultiple, 1);
        return Of(network, budget, Allowed(network, widths, widthMultiple));
    }

    /// <summary>Makes sure that a budget can be met, as every search does first.</summary>
    /// <inheritdoc cref="Describe" path="/param"/>
    /// <exception cref="ArgumentException">A latency table of the budget lacks a layer of the network.</exception>
    /// <exception cref="BudgetOutOfReachException">
    /// The narrowest network costs more, or the unpruned one less; the message names the range.
    /// </exception>
    public static void RequireWithinReach(
        this Budget budget, NetworkDescription network, WidthRange? widths = null, int widthMultiple = 1)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(widthMultiple, 1);
        budget.For(network, Allowed(network, widths, widthMultiple).Narrowest);
    }

    private static AllowedWidths Allowed(NetworkDescription network, WidthRange? widths, int widthMultiple) =>
        new(network, widthMultiple, widths is null ? null : new WidthGrid(network, widths).MinWidths);

    /// <summary>The table for the widths that a result may have.</summary>
    internal static string Of(NetworkDescription network, Budget budget, AllowedWidths allowed)
    {
        var limits = budget.Of(network);
        var full = network.FullWidths;
        var (narrowestFits, fullFits) = (limits.Hold(allowed.Narrowest), limits.Hold(full));
        IReadOnlyList<int>? uniform = narrowestFits ? WidthAllocation.Uniform(network, allowed, limits).Widths : null;
        var columns = ColumnsOf(network, limits);
        var table = new TextTable(["", .. columns.SelectMany(c => (string[])[c.Name, "share"])]);
        Add("narrowest", c => c.Cost.Count(allowed.Narrowest));
        Add("uniform", c => uniform is null ? null : c.Cost.Count(uniform));
        Add("full", c => c.Cost.Count(full));
        Add("budget", c => c.Most);
        var verdict = !narrowestFits ? "The budget is out of reach: the narrowest network costs more."
            : fullFits ? "The unpruned network meets the budget."
            : "The budget is within reach.";
        return $"{network}, budget of {budget}\n{table}\n{verdict}";

        void Add(string row, Func<CostColumn, long?> costOf) => table.Add([row, .. columns.SelectMany(c => c.Cells(costOf(c), full))]);
    }

    private static CostColumn[] ColumnsOf(NetworkDescription network, CostLimits limits)
    {
        long? Most(BudgetMetric metric) => limits.Items.Where(l => l.Metric == metric).Select(l => (long?)l.Most).Min();
        var latencies = limits.Items.Where(l => l.Metric == BudgetMetric.Latency).Select(l => new CostColumn("ms", l.Cost, l.Most));
        return
        [
            new CostColumn("MFLOPs", NetworkCost.Flops(network), Most(BudgetMetric.Flops)),
            new CostColumn("M parameters", NetworkCost.Parameters(network), Most(BudgetMetric.Parameters)),
            .. latencies,
        ];
    }
}
