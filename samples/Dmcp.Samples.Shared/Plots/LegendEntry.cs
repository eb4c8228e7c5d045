namespace Dmcp.Samples.Shared;

/// <summary>One line of a legend: an area when <paramref name="Fill"/> is given, else a line.</summary>
/// <param name="Name">What is shown.</param>
/// <param name="Stroke">Colour of the line.</param>
/// <param name="Fill">Colour of the area.</param>
/// <param name="Dash">Lengths of dashes and gaps, when the line is dashed.</param>
internal sealed record LegendEntry(string Name, string Stroke, string? Fill = null, string? Dash = null);
