using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Budgets;

/// <summary>
/// What a network costs as a function of the widths of its channel groups, in units of which millions are shown: multiply-adds, parameters,
/// or nanoseconds.
/// </summary>
internal interface IWidthCost
{
    /// <summary>The cost at integer widths, which a budget limits.</summary>
    long Count(IReadOnlyList<int> widths);

    /// <summary>The cost of widths that are no integers.</summary>
    double Of(IReadOnlyList<double> widths);

    /// <summary>What the network with one channel less saves, for every group; at least 1.</summary>
    long[] Savings(IReadOnlyList<int> widths)
    {
        var (cost, narrower) = (Count(widths), widths.ToArray());
        return narrower.Select((width, g) =>
        {
            narrower[g] = width - 1;
            var saved = cost - Count(narrower);
            narrower[g] = width;
            return Math.Max(1, saved);
        }).ToArray();
    }

    /// <summary>The cost of expected widths, in millions, as a differentiable function of them.</summary>
    /// <param name="dtype">Type of the expected widths.</param>
    /// <param name="device">Device of the expected widths.</param>
    IExpectedCost Expectation(ScalarType dtype, Device device);
}
