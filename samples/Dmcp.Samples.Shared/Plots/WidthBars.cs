namespace Dmcp.Samples.Shared;

/// <summary>Bars of the channels of every group: kept first, then pruned.</summary>
internal static class WidthBars
{
    /// <param name="title">Text above the chart.</param>
    /// <param name="kept">What the first part of a bar is.</param>
    /// <param name="groups">Name, kept width, that width as text, and channels of every group.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    public static void Save(
        string title, string kept, IReadOnlyList<(string Name, double Width, string Text, int Channels)> groups, string path)
    {
        var bars = new NamedBars(title, "channels", groups.Select(g => g.Name).ToArray());
        bars.Numbers.AbsoluteMinimum = 0;
        bars.Add(kept, PlotStyle.Blue, groups.Select(g => g.Width), stacked: true);
        bars.Add("pruned away", PlotStyle.Pale, groups.Select(g => g.Channels - g.Width), stacked: true);
        for (var i = 0; i < groups.Count; i++)
            bars.Write(i, groups[i].Channels, groups[i].Text);
        bars.Save(path);
    }
}
