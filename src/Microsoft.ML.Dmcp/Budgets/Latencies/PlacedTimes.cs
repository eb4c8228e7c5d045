namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>The times of a layer at its place in a network.</summary>
/// <param name="Times">The times.</param>
/// <param name="Inputs">Channels that it reads.</param>
/// <param name="Outputs">Channels that it gives.</param>
internal sealed record PlacedTimes(LayerTimes Times, WidthSum Inputs, WidthSum Outputs)
{
    /// <summary>Time at given widths of the groups, in microseconds.</summary>
    public double At(IReadOnlyList<double> widths) => Times.At(Inputs.At(widths), Outputs.At(widths));
}
