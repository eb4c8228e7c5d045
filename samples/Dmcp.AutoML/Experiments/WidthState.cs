namespace Dmcp.AutoML.Experiments;

/// <summary>The width of a channel group in a found network.</summary>
internal sealed record WidthState(string Name, int Width, int Channels);
