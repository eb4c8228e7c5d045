using Microsoft.ML.Dmcp.Networks;

namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>Measures the times of a network's layers, and what whole networks take beside them.</summary>
/// <param name="network">The unpruned network.</param>
/// <param name="options">How; checked.</param>
internal sealed class LatencyMeasurement(NetworkDescription network, LatencyOptions options)
{
    // All predictions rest on the whole networks: they are measured longer.
    private const int WholeWeight = 10;

    private readonly TimedNetworks _timed = new(options);

    /// <summary>Measures.</summary>
    /// <exception cref="OperationCanceledException">The measurement is cancelled.</exception>
    public LatencyDocument Run()
    {
        // Composed of times that are not there yet, it plans what to time.
        Compose();
        _timed.Measure();
        return Compose();
    }

    private LatencyDocument Compose()
    {
        var layers = TimedUnit.Of(network).GroupBy(unit => unit.Name).Select(TimesOf).ToArray();
        var input = network.Input;
        var document = new LatencyDocument(
            LatencyTable.FormatName, LatencyTable.FormatVersion, network.Name, input.Channels, input.Height, input.Width,
            options.Engine.Name, Machine.Name, options.BatchSize, options.NumberOfThreads, layers, new NetworkOverhead([0], [0]));
        return document with { Overhead = OverheadOf(new LatencyTable(document).CostOf(network)) };
    }

    private LayerTimes TimesOf(IEnumerable<TimedUnit> same)
    {
        var (unit, outputs) = (same.First(), Points(same.Select(u => u.Output)));
        var inputs = unit.IsDense ? Points(same.Select(u => u.Input)) : [];
        double[] TimesFor(Func<int, int> inputOf) => outputs.Select(o => Math.Round(TimeOf(unit, inputOf(o), o), 2)).ToArray();
        double[][] times = unit.IsDense ? [.. inputs.Select(i => TimesFor(_ => i))] : [TimesFor(o => o)];
        return new LayerTimes(unit.Name, inputs, outputs, times);
    }

    private int[] Points(IEnumerable<ValueShape> shapes) =>
        WidthPoints.Of(shapes.Select(WidthSum.Of), network.FullWidths, options.PointsPerSide);

    /// <summary>
    /// The time of the unit within what is around it, less the latter: half of what is around values such as the unit reads, half of what
    /// is around values such as it gives.
    /// </summary>
    private double TimeOf(TimedUnit unit, int inputs, int outputs)
    {
        var (height, width) = unit.InputSize;
        var before = unit.ReadsImage ? Around(1, 1, 1) : Around(inputs, height, width);
        var behind = Around(outputs, unit.Output.Height, unit.Output.Width);
        return Math.Max(0, _timed.TimeOf(unit.InNetwork(inputs, outputs)) - (before + behind) / 2);

        double Around(int channels, int height, int width) => _timed.TimeOf(TimedUnit.Around(channels, height, width));
    }

    private NetworkOverhead OverheadOf(LatencyCost cost)
    {
        var (parameters, wholes) = (NetworkCost.Parameters(network), WidthPoints.Uniform(network.FullWidths, options.PointsPerSide));
        var beside = wholes.Select(widths =>
            _timed.TimeOf(network.AtWidths(widths), WholeWeight) - cost.LayersAt(Array.ConvertAll(widths, w => (double)w)));
        return new NetworkOverhead(wholes.Select(parameters.Count).ToArray(), beside.Select(b => Math.Round(b, 2)).ToArray());
    }
}
