using System.CommandLine;
using System.Globalization;
using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Options;
using Spectre.Console;

namespace Microsoft.ML.Dmcp.Tool.Commands;

/// <summary><c>dmcp summary</c>: a network layer by layer, in full or at the widths of a channel config.</summary>
internal sealed class SummaryCommand : ToolCommand
{
    private const double Million = 1e6;

    private readonly Option<string> _network = NetworkOption.Create(usual: null);
    private readonly Option<int> _size = NumberOption.Whole("--size", "Side of the images in pixels.", 224, least: 8, most: 4096);
    private readonly Option<int> _classes = NumberOption.Whole("--classes", "Number of classes.", 1000, least: 2, most: 1_000_000);
    private readonly Option<string?> _config = ChannelConfigOption.Create();

    public SummaryCommand() : base("summary", "Shows a network layer by layer: widths, FLOPs, parameters and channel groups.")
    {
        Add(_network);
        Add(_size);
        Add(_classes);
        Add(_config);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("dmcp summary --network resnet18", "ResNet-18 for ImageNet"),
        new("dmcp summary --network resnet18 --chcfg results/DMCPResNet18_900_112813/model_sample/expected_ch", "what a search left of it"),
    ];

    public override void Run(CommandRun run)
    {
        var (size, classes) = (run.Required(_size), run.Required(_classes));
        var network = NetworkZoo.Find(run.Required(_network)).Describe(channels: 3, height: size, width: size, classes);
        if (run.Value(_config) is { } path)
            network = network.AtWidths(ChannelConfigOption.Load(run.PathOf(path), network).WidthsFor(network));
        var layers = network.LayerCosts();
        var (flops, parameters) = (layers.Sum(l => l.Flops), layers.Sum(l => l.Parameters));
        run.Console.Answer(
            new
            {
                network = network.Name, imageSize = size, classes, flops, parameters,
                groups = network.Groups.Select(g => new { g.Name, g.Channels, g.Layers }),
                layers,
            },
            Table(network, layers, flops, parameters));
    }

    private static Table Table(NetworkDescription network, IReadOnlyList<LayerCost> layers, long flops, long parameters)
    {
        var table = new Table().Border(TableBorder.Simple).Title(Markup.Escape(network.ToString()));
        table.AddColumns("layer", "group");
        foreach (var name in (string[])["channels", "pixels", "MFLOPs", "share", "M parameters"])
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var layer in layers)
            table.AddRow(
                Markup.Escape(layer.Layer), Markup.Escape(layer.Group), Text(layer.Channels), $"{layer.Width}x{layer.Height}",
                Text(layer.Flops / Million, "0.000"), Text((double)layer.Flops / flops, "0.0 %"),
                Text(layer.Parameters / Million, "0.0000"));
        table.AddRow("total", "", "", "", Text(flops / Million, "0.000"), "", Text(parameters / Million, "0.0000"));
        return table;
    }

    private static string Text(IFormattable number, string format = "0") => number.ToString(format, CultureInfo.InvariantCulture);
}
