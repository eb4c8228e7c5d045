namespace Dmcp.Samples.Shared;

/// <summary>One line of a <see cref="LinePlot"/>.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Its points, from the left to the right.</param>
public sealed record LineSeries(string Name, IReadOnlyList<(double X, double Y)> Points);
