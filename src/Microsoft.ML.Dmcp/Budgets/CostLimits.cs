using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Budgets;

/// <summary>A budget for one network: what its widths may cost.</summary>
/// <param name="Items">One or more limits, all of which must hold.</param>
internal sealed record CostLimits(IReadOnlyList<CostLimit> Items)
{
    private const int Bisections = 50;

    /// <summary>Whether the network of these widths is within all limits.</summary>
    public bool Hold(IReadOnlyList<int> widths) => Items.All(limit => limit.Cost.Count(widths) <= limit.Most);

    /// <summary>How much of the tightest limit the network of these widths uses; 1 for all of it.</summary>
    public double Use(IReadOnlyList<int> widths) => Items.Max(limit => (double)limit.Cost.Count(widths) / limit.Most);

    /// <summary>The same for widths that are no integers.</summary>
    public double Use(IReadOnlyList<double> widths) => Items.Max(limit => limit.Cost.Of(widths) / limit.Most);

    /// <summary>
    /// The largest x at which the network of the widths w(x) is within all limits, by bisection; <paramref name="low"/> when none is.
    /// </summary>
    /// <param name="widthsAt">Real widths, none of which falls when x grows.</param>
    /// <param name="low">The smallest x.</param>
    /// <param name="high">The largest x.</param>
    public double Largest(Func<double, IReadOnlyList<double>> widthsAt, double low, double high) =>
        Bisection.Largest(low, high, Bisections, x => Use(widthsAt(x)) <= 1);

    /// <summary>The limit that the network of these widths uses most.</summary>
    public CostLimit Tightest(IReadOnlyList<int> widths) => Items.MaxBy(limit => (double)limit.Cost.Count(widths) / limit.Most)!;

    /// <summary>
    /// Limits on the way from the unpruned network to these, which take the same share of what is left in every step of the same length:
    /// full · (limit / full)^progress.
    /// </summary>
    /// <param name="progress">Share of the way, in [0, 1].</param>
    /// <param name="fullWidths">Widths of the unpruned network.</param>
    public CostLimits OnTheWay(double progress, IReadOnlyList<int> fullWidths) => new(Items.Select(limit =>
    {
        var full = limit.Cost.Count(fullWidths);
        return limit with { Most = Math.Max(limit.Most, (long)(full * Math.Pow((double)limit.Most / full, progress))) };
    }).ToArray());

    /// <summary>The costs of expected widths as a differentiable function of them.</summary>
    public ExpectedCosts Expectation(ScalarType dtype, Device device) =>
        new(Items.Select(limit => (limit.Cost.Expectation(dtype, device), limit.Millions)).ToArray());

    /// <summary>The limits that someone gave as numbers, for a network.</summary>
    public static CostLimits Of(IEnumerable<(BudgetMetric Metric, long Most)> limits, NetworkDescription network) =>
        new(limits.Select(l => new CostLimit(l.Metric, CostLimit.CostOf(l.Metric, network, null), l.Most)).ToArray());

    public override string ToString() => string.Join(" and ", Items);
}
