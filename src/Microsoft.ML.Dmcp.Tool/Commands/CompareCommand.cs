using System.CommandLine;
using System.Globalization;
using Microsoft.ML.Dmcp.Tool.Frame;
using Spectre.Console;

namespace Microsoft.ML.Dmcp.Tool.Commands;

/// <summary><c>dmcp compare</c>: two channel configs, layer by layer.</summary>
internal sealed class CompareCommand : ToolCommand
{
    private const double Million = 1e6;

    private readonly Argument<string> _first = new("config") { Description = "A channel config, .json." };
    private readonly Argument<string> _second = new("other") { Description = "The .json that it is compared with." };

    public CompareCommand() : base("compare", "Compares two channel configs layer by layer: how many channels more the first one keeps.")
    {
        Add(_first);
        Add(_second);
    }

    public override bool ReadsSettings => false;

    public override IReadOnlyList<Example> Examples { get; } =
        [new("dmcp compare dmcp/config.json uniform/config.json", "where a search spends its channels")];

    public override void Run(CommandRun run)
    {
        var (first, second) = (ChannelConfig.Load(run.PathOf(run.Value(_first)!)), ChannelConfig.Load(run.PathOf(run.Value(_second)!)));
        var layers = first.DifferenceFrom(second);
        run.Console.Answer(
            new
            {
                config = Of(first), other = Of(second),
                layers = layers.Select(l => new { l.Layer, l.Width, l.OtherWidth, l.Difference }),
            },
            Figure(first, second, layers));

        static object Of(ChannelConfig config) => new
        {
            config.Network, method = config.Method.Name, mFlops = config.Flops / Million, mParameters = config.Parameters / Million,
        };
    }

    private static Rows Figure(ChannelConfig first, ChannelConfig second, IReadOnlyList<WidthDifference> layers)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("layer");
        foreach (var name in (string[])["config", "other", "difference"])
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var layer in layers)
            table.AddRow(Markup.Escape(layer.Layer), Format(layer.Width), Format(layer.OtherWidth), Format(layer.Difference, "+0;-0;0"));
        Total("MFLOPs", first.Flops, second.Flops);
        Total("M parameters", first.Parameters, second.Parameters);
        return new Rows(new Text($"config: {first}\nother:  {second}"), table);

        void Total(string name, long mine, long theirs) => table.AddRow(
            name, Format(mine / Million, "0.000"), Format(theirs / Million, "0.000"), Format((mine - theirs) / Million, "+0.000;-0.000;0"));
    }

    private static string Format(IFormattable number, string format = "0") => number.ToString(format, CultureInfo.InvariantCulture);
}
