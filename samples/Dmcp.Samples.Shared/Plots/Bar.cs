namespace Dmcp.Samples.Shared;

/// <summary>One bar of a <see cref="BarPlot"/> with its error bar.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Mean">Its height.</param>
/// <param name="Low">Lower end of the error bar.</param>
/// <param name="High">Upper end of the error bar.</param>
public sealed record Bar(string Label, double Mean, double Low, double High)
{
    /// <summary>The mean of repeated runs, the error bar from the least to the greatest.</summary>
    /// <param name="label">Name of the bar.</param>
    /// <param name="values">What each run gave.</param>
    public static Bar OfRange(string label, IReadOnlyList<double> values) => new(label, values.Average(), values.Min(), values.Max());

    /// <summary>The mean of repeated runs, the error bar one standard deviation (of a sample: over n − 1) to both sides.</summary>
    /// <param name="label">Name of the bar.</param>
    /// <param name="values">What each run gave.</param>
    public static Bar OfDeviation(string label, IReadOnlyList<double> values)
    {
        var mean = values.Average();
        var deviation = values.Count > 1 ? Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1)) : 0;
        return new Bar(label, mean, mean - deviation, mean + deviation);
    }
}
