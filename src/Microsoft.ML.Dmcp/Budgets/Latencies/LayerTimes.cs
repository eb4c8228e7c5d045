namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>
/// The times of one kind of layer on a grid of widths: bilinear between the points, constant outside. Written as JSON.
/// </summary>
/// <param name="Layer">What it computes, in words.</param>
/// <param name="Inputs">Channels that it reads, ascending; empty where they are those that it gives.</param>
/// <param name="Outputs">Channels that it gives, ascending.</param>
/// <param name="Microseconds">The times, a list over the outputs for every input, or a single one.</param>
internal sealed record LayerTimes(
    string Layer, IReadOnlyList<int> Inputs, IReadOnlyList<int> Outputs, IReadOnlyList<IReadOnlyList<double>> Microseconds)
{
    // A network of that width would have more weights than any memory holds.
    private const int WidestLayer = 1 << 20;

    /// <summary>Time at given widths, in microseconds.</summary>
    public double At(double inputs, double outputs)
    {
        var (row, below) = GridCell.Of(Inputs, inputs);
        var (column, left) = GridCell.Of(Outputs, outputs);
        return (1 - below) * Between(row) + (below > 0 ? below * Between(row + 1) : 0);

        double Between(int r) => (1 - left) * Microseconds[r][column] + (left > 0 ? left * Microseconds[r][column + 1] : 0);
    }

    /// <summary>
    /// Second differences D of the times: with s(x) = [1, and for every cell the share of it that lies below x], the time is
    /// s(inputs)ᵀ·D·s(outputs).
    /// </summary>
    public double[,] Differences()
    {
        var differences = new double[Microseconds.Count, Outputs.Count];
        for (var r = 0; r < Microseconds.Count; r++)
            for (var c = 0; c < Outputs.Count; c++)
                differences[r, c] = Time(r, c) - Time(r - 1, c) - Time(r, c - 1) + Time(r - 1, c - 1);
        return differences;

        double Time(int r, int c) => r < 0 || c < 0 ? 0 : Microseconds[r][c];
    }

    /// <exception cref="FormatException">The numbers cannot be times of a layer.</exception>
    public void Check()
    {
        if (string.IsNullOrWhiteSpace(Layer))
            throw new FormatException("The latency table has a layer without a name.");
        if (Outputs.Count == 0 || !IsAscending(Inputs) || !IsAscending(Outputs))
            throw new FormatException($"The latency table's widths of '{Layer}' are wrong; " +
                $"needed are ascending ones in [1, {WidestLayer}], at least one output.");
        if (Microseconds.Count != Math.Max(1, Inputs.Count) || Microseconds.Any(row => row is null || row.Count != Outputs.Count))
            throw new FormatException($"The latency table's times of '{Layer}' are not " +
                $"{Math.Max(1, Inputs.Count)} lists of {Outputs.Count}, as its widths need them.");
        if (Microseconds.Any(row => row.Any(time => !(time >= 0) || !double.IsFinite(time))))
            throw new FormatException($"The latency table has a time of '{Layer}' that is negative or no number.");
    }

    private static bool IsAscending(IReadOnlyList<int> widths) =>
        widths.All(w => w is >= 1 and <= WidestLayer) && GridCell.IsAscending(widths);
}
