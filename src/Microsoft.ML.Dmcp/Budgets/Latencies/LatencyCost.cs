using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>The time of a network in nanoseconds: the sum of its layers' and what it takes beside.</summary>
/// <param name="table">Where the times are from.</param>
/// <param name="layers">The times of the network's layers.</param>
/// <param name="parameters">The parameters of the network, on which the overhead depends.</param>
/// <param name="overhead">What a network takes beside its layers.</param>
internal sealed class LatencyCost(
    LatencyTable table, IReadOnlyList<PlacedTimes> layers, NetworkCost parameters, NetworkOverhead overhead) : IWidthCost
{
    private const double Nanoseconds = 1000;

    /// <summary>Where the times are from.</summary>
    public LatencyTable Table => table;

    public long Count(IReadOnlyList<int> widths) => (long)Math.Round(Of(widths.Select(w => (double)w).ToArray()));

    public double Of(IReadOnlyList<double> widths) => Nanoseconds * (LayersAt(widths) + overhead.At(parameters.Expected(widths)));

    /// <summary>The sum of the layers, in microseconds.</summary>
    public double LayersAt(IReadOnlyList<double> widths)
    {
        var sum = 0.0;
        foreach (var layer in layers)
            sum += layer.At(widths);
        return sum;
    }

    public IExpectedCost Expectation(ScalarType dtype, Device device) =>
        new ExpectedLatency(layers, parameters.Expectation(dtype, device), overhead, dtype, device);
}
