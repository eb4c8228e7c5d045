using System.Xml.Linq;
using Microsoft.ML.Dmcp.Networks;
using Microsoft.ML.Dmcp.Reports.Page;
using Microsoft.ML.Dmcp.Reports.Plots;

namespace Microsoft.ML.Dmcp.Reports.Sections;

/// <summary>Widths before and after: bars, and the tables behind them.</summary>
internal static class WidthSection
{
    public static XElement Of(PrunedRun run) => Html.Section("widths", "Widths",
        new XElement("p", "Layers of a group are pruned together, since they are added, multiplied or chained depth-wise."),
        Html.Figure("Channels of every group", "those that are kept, and those that are pruned away.", WidthBars.Draw(run.Config)),
        Html.Details("Table of the groups", Groups(run.Config)),
        run.Description is { } network ? Html.Details("Table of the layers", Layers(network, run.Widths)) : null);

    private static XElement Groups(ChannelConfig config) => Html.Table(
        "Channel groups before and after", ["group", "layers", "before", "after", "kept"],
        config.Groups.Select(g => (object[])
        [
            g.Name, Numbers.Whole(g.Layers.Count), Numbers.Whole(g.Channels), Numbers.Whole(g.Width), CostText.Share(g.Width, g.Channels),
        ]));

    private static XElement Layers(NetworkDescription network, int[] widths)
    {
        var (before, after) = (network.LayerCosts(), network.AtWidths(widths).LayerCosts());
        var (flops, parameters) = (before.Sum(l => l.Flops), before.Sum(l => l.Parameters));
        return Html.Table(
            "Layers before and after; MFLOPs are millions of multiply-adds of one image",
            ["layer", "channels", "kept", "MFLOPs", "after", "M parameters", "after"],
            before.Zip(after, (b, a) => (object[])
            [
                b.Layer, Numbers.Whole(b.Channels), Numbers.Whole(a.Channels),
                CostText.Millions(b.Flops, flops), CostText.Millions(a.Flops, flops),
                CostText.Millions(b.Parameters, parameters), CostText.Millions(a.Parameters, parameters),
            ]).Append(
            [
                "total", "", "",
                CostText.Millions(flops), CostText.Millions(after.Sum(l => l.Flops), flops),
                CostText.Millions(parameters), CostText.Millions(after.Sum(l => l.Parameters), parameters),
            ]));
    }
}
