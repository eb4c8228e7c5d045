using System.Globalization;
using Microsoft.ML.Dmcp;

namespace Dmcp.Samples.Shared;

/// <summary>
/// A bar chart of a channel config: every group's width after pruning within its width before, as SVG or PNG.
/// </summary>
public static class WidthPlot
{
    /// <summary>Writes the chart.</summary>
    /// <param name="config">The widths.</param>
    /// <param name="path">The file, .svg or .png; replaced if it exists.</param>
    public static void Save(ChannelConfig config, string path)
    {
        ArgumentNullException.ThrowIfNull(config);
        WidthBars.Save(
            $"{config.Network}: {Millions(config.Flops)} of {Millions(config.UnprunedFlops)} MFLOPs, "
                + $"{Millions(config.Parameters)} of {Millions(config.UnprunedParameters)} M parameters",
            "kept", config.Groups.Select(g => (g.Name, (double)g.Width, $"{g.Width}/{g.Channels}", g.Channels)).ToArray(), path);
    }

    private static string Millions(long value) => (value / 1e6).ToString("0.00", CultureInfo.InvariantCulture);
}
