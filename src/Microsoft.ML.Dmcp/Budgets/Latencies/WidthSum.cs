using Microsoft.ML.Dmcp.Networks;

namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>The channels of a value: those that are fixed, and those of groups.</summary>
/// <param name="Fixed">Channels that cannot be pruned.</param>
/// <param name="Groups">The groups whose channels are in it, one more often where they stand in it more often.</param>
internal sealed record WidthSum(int Fixed, IReadOnlyList<int> Groups)
{
    /// <summary>The channels of a value.</summary>
    public static WidthSum Of(ValueShape shape) => new(
        shape.Segments.Where(s => s.IsFixed).Sum(s => s.Channels), shape.Segments.Where(s => !s.IsFixed).Select(s => s.Index).ToArray());

    /// <summary>How many there are at given widths.</summary>
    public double At(IReadOnlyList<double> widths)
    {
        double sum = Fixed;
        foreach (var group in Groups)
            sum += widths[group];
        return sum;
    }
}
