using System.CommandLine;
using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Options;

namespace Microsoft.ML.Dmcp.Tool.Commands;

/// <summary><c>dmcp convert</c>: channel configs of other tools to ours, and back.</summary>
internal sealed class ConvertCommand : ToolCommand
{
    private const string Ours = "dmcp", Release = "release", MMRazor = "mmrazor", Widths = "widths";
    private static readonly string[] Formats = [Ours, Release, MMRazor, Widths];

    private readonly Argument<string> _input = new("input") { Description = "A channel config." };
    private readonly Argument<string> _output = new("output") { Description = "The file that is written." };
    private readonly Option<string> _from = new("--from")
    {
        Description = $"Format of the input: {Ours} (.json of this tool), {Release} (sample.npy, or its folder), {MMRazor} (.json) or "
            + $"{Widths} (a list of numbers).",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => Ours,
    };
    private readonly Option<string> _to = new("--to")
    {
        Description = "Format of the output, likewise.", HelpName = "FORMAT", DefaultValueFactory = _ => Ours,
    };
    private readonly Option<string?> _network = new("--network")
    {
        Description = "The unpruned network, which other formats do not name.", HelpName = "NAME",
    };
    private readonly Option<int> _size =
        NumberOption.Whole("--size", "Side of the images, which other formats do not name.", 224, least: 8, most: 4096);
    private readonly Option<int> _classes =
        NumberOption.Whole("--classes", "Number of classes, which other formats do not name.", 1000, least: 2, most: 1_000_000);

    public ConvertCommand() : base(
        "convert", "Converts channel configs: this tool's, the authors' release's, MMRazor's, and lists of widths.")
    {
        _from.AcceptOnlyFromAmong(Formats);
        _to.AcceptOnlyFromAmong(Formats);
        _network.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } name && NetworkOption.Problem(name) is { } problem)
                result.AddError(problem);
        });
        Add(_input);
        Add(_output);
        foreach (var option in (Option[])[_from, _to, _network, _size, _classes])
            Add(option);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("dmcp convert expected_ch resnet18.json --from release --network resnet18", "a structure of the release for 'dmcp retrain'"),
        new("dmcp convert pruned/config.json units.json --to mmrazor", "ours for MMRazor"),
        new("dmcp convert widths.txt config.json --from widths --network mobilenetv2 --size 96 --classes 10", "a list of numbers"),
    ];

    public override void Run(CommandRun run)
    {
        var (input, output) = (run.PathOf(run.Value(_input)!), run.PathOf(run.Value(_output)!));
        var config = Read(run, input, run.Required(_from));
        var network = NetworkOf(config, run);
        switch (run.Required(_to))
        {
            case Release:
                config.SaveAsDmcpRelease(output, network());
                break;
            case MMRazor:
                config.SaveAsMMRazor(output, network());
                break;
            case Widths:
                config.SaveWidths(output);
                break;
            default:
                config.Save(output);
                break;
        }
        run.Console.Answer(
            new { file = Path.GetFullPath(output), config.Network, mFlops = config.Flops / 1e6, mParameters = config.Parameters / 1e6 },
            $"{config}\nWritten: {output}");
    }

    private ChannelConfig Read(CommandRun run, string input, string format)
    {
        if (format == Ours)
            return ChannelConfig.Load(input);
        var name = run.Value(_network)
            ?? throw new ToolException($"A config of format '{format}' does not name its network: give --network, such as resnet18.");
        var network = NetworkZoo.Find(name).Describe(channels: 3, run.Required(_size), run.Required(_size), run.Required(_classes));
        return format switch
        {
            Release => ChannelConfig.LoadDmcpRelease(input, network),
            MMRazor => ChannelConfig.LoadMMRazor(input, network),
            _ => ChannelConfig.LoadWidths(input, network),
        };
    }

    /// <summary>The unpruned network of a config; one that the zoo does not have only matters where it is asked for.</summary>
    private Func<NetworkDescription> NetworkOf(ChannelConfig config, CommandRun run) => () =>
        NetworkZoo.Find(run.Value(_network) ?? config.Network)
            .Describe(config.ImageChannels, config.ImageHeight, config.ImageWidth, config.Classes);
}
