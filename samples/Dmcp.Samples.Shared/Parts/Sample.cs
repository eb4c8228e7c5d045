using System.Globalization;

namespace Dmcp.Samples.Shared;

/// <summary>Accuracies over seeds, as shares.</summary>
/// <param name="Values">One a seed.</param>
public sealed record Sample(IReadOnlyList<double> Values)
{
    /// <summary>Their mean.</summary>
    public double Mean => Values.Average();

    /// <summary>Standard deviation of one run; 0 for a single one.</summary>
    public double Deviation =>
        Values.Count < 2 ? 0 : Math.Sqrt(Values.Sum(v => (v - Mean) * (v - Mean)) / (Values.Count - 1));

    /// <summary>Mean ± standard deviation in percent, and over how many seeds.</summary>
    public override string ToString() => Values.Count switch
    {
        0 => "not run",
        1 => string.Create(CultureInfo.InvariantCulture, $"{100 * Values[0]:0.0} (1 seed)"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{100 * Mean:0.0} ± {100 * Deviation:0.0} ({Values.Count} seeds)"),
    };
}
