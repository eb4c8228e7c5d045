using System.CommandLine;
using System.Globalization;
using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Options;
using Microsoft.ML.Dmcp.Tool.Profiling;
using Spectre.Console;

namespace Microsoft.ML.Dmcp.Tool.Commands;

/// <summary><c>dmcp profile</c>: measures a latency table.</summary>
internal sealed class ProfileCommand : ToolCommand
{
    private const string OnnxRuntime = "onnxruntime", LibTorch = "libtorch";
    private static readonly double[] Shares = [1, 0.75, 0.5, 0.25];

    private readonly Option<string> _network = NetworkOption.Create(usual: null);
    private readonly Option<int> _size = NumberOption.Whole("--size", "Side of the images in pixels.", 96, least: 8, most: 1024);
    private readonly Option<int> _classes = NumberOption.Whole("--classes", "Number of classes.", 10, least: 2, most: 1_000_000);
    private readonly Option<string> _engine = new("--engine")
    {
        Description = $"What will serve the network: {OnnxRuntime} or {LibTorch}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => OnnxRuntime,
    };
    private readonly Option<int> _threads = NumberOption.Whole("--threads", "Threads of one run.", 1, least: 1, most: 1024);
    private readonly Option<int> _batch = NumberOption.Whole("--batch", "Images of one run.", 1, least: 1, most: 4096);
    private readonly Option<int> _seconds = NumberOption.Whole("--seconds", "About how long it may take.", 180, least: 1);
    private readonly Option<int> _check = NumberOption.Whole(
        "--check", "Random networks to time whole, which says how far the table's predictions are off.", 0, least: 0, most: 1000);
    private readonly Option<int> _multiple = NumberOption.Whole(
        "--width-multiple", "What the widths of the networks of --check are multiples of.", 16, least: 1, most: 256);
    private readonly Option<string?> _output = OutputOption.File("File of the table, for --latency-table of 'dmcp prune'. Default: none.");

    public ProfileCommand() : base(
        "profile", "Measures how long a network's layers take at several widths, and predicts the times of networks.")
    {
        _engine.AcceptOnlyFromAmong(OnnxRuntime, LibTorch);
        foreach (var option in (Option[])[_network, _size, _classes, _engine, _threads, _batch, _seconds, _check, _multiple, _output])
            Add(option);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("dmcp profile --network resnet18 --size 96 --output resnet18.latency.json", "a table for dmcp prune --latency"),
        new("dmcp profile --network mobilenetv2 --size 224 --classes 1000 --engine libtorch --threads 4", "with libtorch on four threads"),
        new("dmcp profile --network cifar-resnet20 --size 32 --check 20", "whether its predictions can be trusted on this machine"),
    ];

    public override void Run(CommandRun run)
    {
        var (size, count) = (run.Required(_size), run.Required(_check));
        if (count == 0 && run.IsGiven(_multiple))
            throw new ToolException("--width-multiple without --check changes nothing: give --check 20 too.");
        var network = NetworkZoo.Find(run.Required(_network)).Describe(channels: 3, height: size, width: size, run.Required(_classes));
        run.Console.Note("Measuring; leave the machine alone ...");
        var options = new LatencyOptions
        {
            Engine = run.Required(_engine) == LibTorch ? LatencyEngine.LibTorch : LatencyEngine.OnnxRuntime,
            NumberOfThreads = run.Required(_threads),
            BatchSize = run.Required(_batch),
            TimeLimit = TimeSpan.FromSeconds(run.Required(_seconds)),
            CancellationToken = run.Cancellation,
        };
        var table = LatencyTable.Measure(network, options);
        if (run.Value(_output) is { } path)
            table.Save(run.PathOf(path));
        var check = count > 0 ? TableCheck.Run(network, table, options, count, run.Required(_multiple)) : null;
        var times = Shares.Select(share => TimeOf(network, table, share)).OfType<NetworkTime>().ToArray();
        run.Console.Answer(
            new { table.Id, network = network.Name, table.Engine, table.Machine, table.BatchSize, table.NumberOfThreads, times, check },
            Figure(network, table, times, check));
    }

    /// <summary>The time at uniform widths; null where the network cannot be as narrow.</summary>
    private static NetworkTime? TimeOf(NetworkDescription network, LatencyTable table, double share)
    {
        try
        {
            var config = UniformScaling.Find(network, Budget.FlopsRatio(share));
            return new NetworkTime(share, config.Flops / 1e6, table.MillisecondsOf(network, config.WidthsFor(network)));
        }
        catch (BudgetOutOfReachException)
        {
            return null;
        }
    }

    private static Rows Figure(NetworkDescription network, LatencyTable table, IReadOnlyList<NetworkTime> times, TableCheck? check)
    {
        var threads = table.NumberOfThreads == 1 ? "one thread" : $"{table.NumberOfThreads} threads";
        var title = $"{network}: {table.Engine}, {threads}, batch {table.BatchSize}, {table.Machine} (table {table.Id})";
        var figure = new Table().Border(TableBorder.Simple);
        figure.AddColumn("uniform widths");
        foreach (var name in (string[])["MFLOPs", "ms", "share"])
            figure.AddColumn(new TableColumn(name).RightAligned());
        foreach (var time in times)
            figure.AddRow(
                time.FlopsShare == 1 ? "unpruned" : Format($"{100 * time.FlopsShare:0} % of the FLOPs"), Format($"{time.MFlops:0.00}"),
                Format($"{time.Milliseconds:0.000}"), Format($"{100 * time.Milliseconds / times[0].Milliseconds:0.0} %"));
        return check is null ? new Rows(new Text(title), figure) : new Rows(new Text(title), figure, new Text(Format(
            $"{check.Networks.Count} random networks: predictions are off by {100 * check.MeanError:0.0} % on average, ") + Format(
            $"{100 * check.LargestError:0.0} % at most, of {check.Networks.Min(n => n.Measured):0.000} to ") + Format(
            $"{check.Networks.Max(n => n.Measured):0.000} ms measured.")));
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The predicted time of a network of uniform widths.</summary>
    private sealed record NetworkTime(double FlopsShare, double MFlops, double Milliseconds);
}
