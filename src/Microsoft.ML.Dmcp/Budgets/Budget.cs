using System.Globalization;
using Microsoft.ML.Dmcp.Budgets;

namespace Microsoft.ML.Dmcp;

/// <summary>What the pruned network may cost at most: absolute figures, or shares of the unpruned network.</summary>
public sealed class Budget
{
    private const double Million = 1e6;

    private Budget(IReadOnlyList<BudgetLimit> limits) => Limits = limits;

    /// <summary>What is limited; all limits must hold.</summary>
    public IReadOnlyList<BudgetLimit> Limits { get; }

    /// <summary>At most so many million multiply-adds an image.</summary>
    /// <param name="mflops">Millions of multiply-adds.</param>
    public static Budget MFlops(double mflops) => new([new BudgetLimit(BudgetMetric.Flops, mflops, isRatio: false)]);

    /// <summary>At most so many multiply-adds an image; the same as <c>MFlops(multiplyAdds / 1e6)</c>.</summary>
    /// <param name="multiplyAdds">Multiply-adds, not millions of them.</param>
    public static Budget Flops(long multiplyAdds) => MFlops(multiplyAdds / Million);

    /// <summary>At most this share of the unpruned network's multiply-adds.</summary>
    /// <param name="ratio">A share in (0, 1].</param>
    public static Budget FlopsRatio(double ratio) => new([new BudgetLimit(BudgetMetric.Flops, ratio, isRatio: true)]);

    /// <summary>At most so many million parameters.</summary>
    /// <param name="millions">Millions of parameters.</param>
    public static Budget MParameters(double millions) => new([new BudgetLimit(BudgetMetric.Parameters, millions, isRatio: false)]);

    /// <summary>At most so many parameters; the same as <c>MParameters(count / 1e6)</c>.</summary>
    /// <param name="count">Parameters, not millions of them.</param>
    public static Budget Parameters(long count) => MParameters(count / Million);

    /// <summary>At most this share of the unpruned network's parameters.</summary>
    /// <param name="ratio">A share in (0, 1].</param>
    public static Budget ParametersRatio(double ratio) => new([new BudgetLimit(BudgetMetric.Parameters, ratio, isRatio: true)]);

    /// <summary>At most so many milliseconds a run of the network, as the times of its layers predict it.</summary>
    /// <param name="milliseconds">Milliseconds, with the engine, batch and threads of the table.</param>
    /// <param name="table">The times, measured where the network will run (<see cref="LatencyTable.Measure"/>).</param>
    public static Budget Latency(double milliseconds, LatencyTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new([new BudgetLimit(BudgetMetric.Latency, milliseconds, isRatio: false, table)]);
    }

    /// <summary>At most this share of the unpruned network's time: 0.5 is twice as fast.</summary>
    /// <param name="ratio">A share in (0, 1].</param>
    /// <param name="table">As for <see cref="Latency"/>.</param>
    public static Budget LatencyRatio(double ratio, LatencyTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new([new BudgetLimit(BudgetMetric.Latency, ratio, isRatio: true, table)]);
    }

    /// <summary>
    /// Both budgets at once, such as <c>Budget.FlopsRatio(0.5).And(Budget.ParametersRatio(0.4))</c>. The one that is used most steers the
    /// search; the other may have room.
    /// </summary>
    /// <param name="other">The other budget.</param>
    public Budget And(Budget other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new([.. Limits, .. other.Limits]);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(" and ", Limits);

    /// <summary>
    /// The limits in operations, parameters and nanoseconds, checked against the smallest and the largest network that the search can give.
    /// </summary>
    /// <param name="network">The unpruned network.</param>
    /// <param name="minimalWidths">The smallest width of every group.</param>
    /// <exception cref="BudgetOutOfReachException">No width meets the budget, or the unpruned network does already.</exception>
    /// <exception cref="ArgumentException">A latency table lacks a layer of the network.</exception>
    internal CostLimits For(NetworkDescription network, IReadOnlyList<int> minimalWidths)
    {
        var limits = Of(network);
        foreach (var limit in limits.Items)
            Check(limit, network, minimalWidths);
        return limits;
    }

    /// <summary>The limits in operations, parameters and nanoseconds, whether they can be reached or not.</summary>
    /// <param name="network">The unpruned network.</param>
    /// <exception cref="ArgumentException">A latency table lacks a layer of the network.</exception>
    internal CostLimits Of(NetworkDescription network) => new(Limits.Select(limit => LimitOf(limit, network)).ToArray());

    private static CostLimit LimitOf(BudgetLimit limit, NetworkDescription network)
    {
        var cost = CostLimit.CostOf(limit.Metric, network, limit.Table);
        // 33.3 million in doubles falls short of a whole number by its last digit.
        var most = limit.IsRatio ? limit.Amount * cost.Count(network.FullWidths) : limit.Amount * Million + 1e-3;
        return new CostLimit(limit.Metric, cost, (long)Math.Floor(most));
    }

    private void Check(CostLimit limit, NetworkDescription network, IReadOnlyList<int> minimalWidths)
    {
        var (least, full, most) = (limit.Cost.Count(minimalWidths), limit.Cost.Count(network.FullWidths), limit.Most);
        if (most >= least && most <= full)
            return;
        var (from, to) = Range(least, full);
        var (bound, remedy) = most < least
            ? ("below the narrowest", "or a smaller network (or WidthMultiple, or Widths.Min where the method has it)")
            : ("above the unpruned", "or a larger network");
        var reason = $"The budget of {Text(most / Million)} {limit.Metric.Unit()} is {bound} network '{network.Name}' " +
            $"at {network.Input.Height}x{network.Input.Width} pixels";
        throw new BudgetOutOfReachException(
            nameof(Budget), ToString(), $"{reason}: give one from {Text(from)} to {Text(to)} {limit.Metric.Unit()}, {remedy}.")
        {
            Reason = reason,
            Metric = limit.Metric,
            Least = from,
            Largest = to,
            IsTooSmall = most < least,
        };
    }

    /// <summary>Both ends in millions, rounded inwards to as few digits (two or more) as leave a range between them.</summary>
    private static (double From, double To) Range(long least, long full)
    {
        for (long unit = 10_000; unit > 1; unit /= 10)
        {
            var (from, to) = ((least + unit - 1) / unit * unit, full / unit * unit);
            if (from < to)
                return (from / Million, to / Million);
        }
        return (least / Million, full / Million);
    }

    private static string Text(double millions) => millions.ToString("0.######", CultureInfo.InvariantCulture);
}
