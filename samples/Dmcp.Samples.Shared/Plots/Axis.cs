using System.Globalization;

namespace Dmcp.Samples.Shared;

/// <summary>An axis of numbers, widened to round ticks: steps of 1, 2 or 5 times a power of ten.</summary>
internal sealed class Axis
{
    private readonly double _step;

    /// <param name="title">What is measured, with its unit.</param>
    /// <param name="low">Smallest value to be shown.</param>
    /// <param name="high">Largest value to be shown.</param>
    /// <param name="steps">About how many steps.</param>
    /// <exception cref="ArgumentException">A value is not a number, or infinite.</exception>
    public Axis(string title, double low, double high, int steps = 6)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high))
            throw new ArgumentException($"The axis '{title}' cannot show values from {low} to {high}: leave out what is not a finite number.");
        if (high - low < 1e-6 * Math.Max(Math.Abs(low), Math.Abs(high)) || high == low)
            (low, high) = high == 0 ? (0, 1) : (low - 0.1 * Math.Abs(low), high + 0.1 * Math.Abs(high));
        var power = Math.Pow(10, Math.Floor(Math.Log10((high - low) / steps)));
        var share = (high - low) / steps / power;
        _step = power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
        var (first, last) = ((int)Math.Floor(low / _step + 1e-9), (int)Math.Ceiling(high / _step - 1e-9));
        (Title, Low, High) = (title, first * _step, last * _step);
        Ticks = Enumerable.Range(first, last - first + 1).Select(i => i * _step).ToArray();
    }

    /// <summary>What is measured, with its unit.</summary>
    public string Title { get; }

    /// <summary>The first tick.</summary>
    public double Low { get; }

    /// <summary>The last tick.</summary>
    public double High { get; }

    /// <summary>The ticks, from the lowest.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>An axis over given values.</summary>
    public static Axis Over(string title, IEnumerable<double> values, int steps = 6)
    {
        var all = values.ToArray();
        return all.Length > 0 ? new Axis(title, all.Min(), all.Max(), steps) : throw new ArgumentException($"There is nothing to be shown on the axis '{title}'.");
    }

    /// <summary>The text of a tick: as many decimals as the steps have.</summary>
    public string Label(double tick)
    {
        var decimals = Math.Clamp((int)-Math.Floor(Math.Log10(_step) + 1e-9), 0, 10);
        return tick.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>Where a value lies on the axis, as a share of its length.</summary>
    public double At(double value) => (value - Low) / (High - Low);
}
