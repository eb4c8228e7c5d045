using System.Globalization;
using Microsoft.ML.Dmcp.Networks;

namespace Microsoft.ML.Dmcp.Channels;

/// <summary>Channel configs as text: how much of a network is left, and what one config keeps more than another.</summary>
internal static class ConfigSummary
{
    /// <summary>A config in one line.</summary>
    public static string Line(ChannelConfig config) =>
        $"{config.Network} by {config.Method.Name}: " +
        $"{CostText.Millions(config.Flops, config.UnprunedFlops)} of {CostText.Millions(config.UnprunedFlops)} MFLOPs " +
        $"({CostText.Share(config.Flops, config.UnprunedFlops)}), " +
        $"{CostText.Millions(config.Parameters, config.UnprunedParameters)} of {CostText.Millions(config.UnprunedParameters)} " +
        "M parameters " +
        $"({CostText.Share(config.Parameters, config.UnprunedParameters)})";

    /// <summary>A row for every channel group, before and after pruning.</summary>
    public static string Of(ChannelConfig config)
    {
        var table = new TextTable("group", "layers", "before", "after", "kept");
        foreach (var group in config.Groups)
        {
            var kept = CostText.Share(group.Width, group.Channels);
            table.Add(group.Name, Text(group.Layers.Count), Text(group.Channels), Text(group.Width), kept);
        }
        Add("MFLOPs", config.UnprunedFlops, config.Flops);
        Add("M parameters", config.UnprunedParameters, config.Parameters);
        var images = Text($"{config.ImageWidth}x{config.ImageHeight} pixels, {config.Classes} classes");
        return $"{config.Network} by {config.Method.Name}: {images}\n{table}";

        void Add(string name, long before, long after) =>
            table.Add(name, "", CostText.Millions(before), CostText.Millions(after, before), CostText.Share(after, before));
    }

    /// <summary>A row for every channel group of the one whose layers the other has too; groups that differ in part have several.</summary>
    public static string OfDifference(ChannelConfig config, ChannelConfig other)
    {
        var table = new TextTable("group", "layers", "this", "other", "difference");
        var byLayer = config.DifferenceFrom(other).DistinctBy(d => d.Layer).ToDictionary(d => d.Layer);
        foreach (var group in config.Groups)
        {
            var layers = group.Layers.Where(byLayer.ContainsKey).Select(layer => byLayer[layer]);
            foreach (var part in layers.GroupBy(d => (d.Width, d.OtherWidth, d.Difference)))
            {
                var (width, otherWidth, difference) = part.Key;
                table.Add(part.First().Layer, Text(part.Count()), Text(width), Text(otherWidth), Signed(difference));
            }
        }
        Add("MFLOPs", config.Flops, other.Flops);
        Add("M parameters", config.Parameters, other.Parameters);
        return $"this:  {config.Network} by {config.Method.Name}\nother: {other.Network} by {other.Method.Name}\n{table}";

        void Add(string name, long mine, long theirs)
        {
            var largest = Math.Max(mine, theirs);
            table.Add(name, "", CostText.Millions(mine, largest), CostText.Millions(theirs, largest), Change(mine, theirs));
        }
    }

    private static string Change(long mine, long theirs) =>
        theirs == 0 ? "-" : (((double)mine / theirs - 1) * 100).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + " %";

    private static string Signed(int difference) => difference.ToString("+0;-0;0", CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
