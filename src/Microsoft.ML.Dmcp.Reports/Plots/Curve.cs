namespace Microsoft.ML.Dmcp.Reports.Plots;

/// <summary>One line of a <see cref="CurvePlot"/>.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Its points, all finite.</param>
internal sealed record Curve(string Name, IReadOnlyList<(int Epoch, double Value)> Points);
