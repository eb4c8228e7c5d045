using System.Globalization;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// Which widths the search may give a channel group, relative to the unpruned network's multiplier: from <see cref="Min"/> to
/// <see cref="Max"/> in steps of <see cref="Offset"/>. The paper: (0.1, 1.5, 0.1) for MobileNetV2 1.5x, (0.1, 1.0, 0.1) for ResNet.
/// </summary>
public sealed record WidthRange
{
    /// <summary>A range of widths.</summary>
    /// <param name="min">Narrowest width, greater than 0.</param>
    /// <param name="max">Width of the unpruned network.</param>
    /// <param name="offset">Step: every block of channels is this wide.</param>
    public WidthRange(double min = 0.1, double max = 1.0, double offset = 0.1)
    {
        if (!(min > 0 && min < max && double.IsFinite(max) && offset > 0 && offset <= max - min + 1e-9))
            throw new ArgumentOutOfRangeException(nameof(min), ToText(min, max, offset),
                $"The widths {ToText(min, max, offset)} are no range; needed are 0 < min < max and 0 < offset ≤ max − min.");
        Min = min;
        Max = max;
        Offset = offset;
    }

    /// <summary>Narrowest width.</summary>
    public double Min { get; }

    /// <summary>Width of the unpruned network.</summary>
    public double Max { get; }

    /// <summary>Width of one block of channels.</summary>
    public double Offset { get; }

    /// <inheritdoc/>
    public override string ToString() => ToText(Min, Max, Offset);

    private static string ToText(double min, double max, double offset) =>
        string.Create(CultureInfo.InvariantCulture, $"({min}, {max}, {offset})");
}
