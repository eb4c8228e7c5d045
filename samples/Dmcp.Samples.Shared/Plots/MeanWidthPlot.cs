using Microsoft.ML.Dmcp;

namespace Dmcp.Samples.Shared;

/// <summary>The expected width of every channel group within its full width (the release's plot of mean channels).</summary>
public static class MeanWidthPlot
{
    /// <summary>Writes the plot.</summary>
    /// <param name="statistics">The statistics of a search.</param>
    /// <param name="path">The file, .svg or .png; replaced if it exists.</param>
    public static void Save(StructureStatistics statistics, string path)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        WidthBars.Save("Expected width of every channel group", "expected", statistics.Groups
            .Select(g => (g.Name, g.ExpectedWidth, FormattableString.Invariant($"{g.ExpectedWidth:0.0}/{g.Channels}"), g.Channels))
            .ToArray(), path);
    }
}
