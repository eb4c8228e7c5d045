namespace Microsoft.ML.Dmcp.Reports.Plots;

/// <summary>One line of a <see cref="CurvePlot"/>.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Its points, all finite, from the left to the right.</param>
internal sealed record Curve(string Name, IReadOnlyList<(double X, double Y)> Points);
