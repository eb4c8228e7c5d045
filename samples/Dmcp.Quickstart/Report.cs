using System.Globalization;
using Microsoft.ML.Dmcp;
using Spectre.Console;

namespace Dmcp.Quickstart;

/// <summary>The tables at the end.</summary>
internal static class Report
{
    // Into a file go no colours, and lines are not cut at the width of a terminal that is not there.
    private static readonly IAnsiConsole Terminal = Console.IsOutputRedirected
        ? AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors })
        : AnsiConsole.Console;

    public static void Groups(ChannelConfig config)
    {
        var table = new Table().Title("Channel groups").AddColumns("group", "layers");
        foreach (var name in (string[])["before", "after", "kept"])
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var group in config.Groups)
            table.AddRow(group.Name, Number(group.Layers.Count), Number(group.Channels), Number(group.Width), $"{100.0 * group.Width / group.Channels:0} %");
        Terminal.Write(table);
    }

    public static void Comparison(IReadOnlyList<Comparison> results, int heldOut)
    {
        var table = new Table().Title($"On {heldOut} held-out images").AddColumn("network");
        foreach (var name in (string[])["MFLOPs", "parameters", "accuracy"])
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var result in results)
            table.AddRow(result.Network, (result.Flops / 1e6).ToString("0.00", CultureInfo.InvariantCulture), result.Parameters.ToString("N0", CultureInfo.InvariantCulture),
                $"{100 * result.Accuracy:0.0} %");
        Terminal.Write(table);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
