namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>
/// The widths at which layers and networks are timed: 8, multiples of 16, and the full width whatever it is. Kernels compute 8 or 16
/// channels at once: in between, time grows in steps.
/// </summary>
internal static class WidthPoints
{
    private const int Narrowest = 8, Step = 16;

    /// <summary>The widths of a kind of layer: those that are fixed, and at even distances those of what is pruned.</summary>
    /// <param name="widths">The channels of all layers of the kind.</param>
    /// <param name="fullWidths">Width of every channel group.</param>
    /// <param name="count">About how many.</param>
    public static int[] Of(IEnumerable<WidthSum> widths, IReadOnlyList<int> fullWidths, int count)
    {
        var points = new SortedSet<int>();
        foreach (var width in widths)
        {
            var full = width.Fixed + width.Groups.Sum(g => fullWidths[g]);
            for (var i = 0; i < count && width.Groups.Count > 0; i++)
                points.Add(At(full, (double)i / (count - 1)));
            points.Add(full);
        }
        return [.. points];
    }

    /// <summary>
    /// Widths of whole networks, all groups narrowed alike: from 8 channels a group to the full network, in an order in which parameters
    /// grow.
    /// </summary>
    /// <param name="fullWidths">Width of every channel group.</param>
    /// <param name="count">How many networks, or fewer where some would be the same.</param>
    public static IReadOnlyList<int[]> Uniform(IReadOnlyList<int> fullWidths, int count)
    {
        var all = Enumerable.Range(0, count).Select(i => fullWidths.Select(w => At(w, (double)i / (count - 1))).ToArray());
        return all.DistinctBy(widths => string.Join(',', widths)).ToArray();
    }

    private static int At(int full, double share) => share switch
    {
        0 => Math.Min(full, Narrowest),
        1 => full,
        _ => Math.Min(full, Math.Max(1, (int)Math.Round((Narrowest + share * (full - Narrowest)) / Step)) * Step),
    };
}
