using System.CommandLine;
using System.Text.Json;
using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Options;
using Microsoft.ML.Dmcp.Tool.Pruning;
using Microsoft.ML.Dmcp.Tool.Release;
using Spectre.Console;

namespace Microsoft.ML.Dmcp.Tool.Commands;

/// <summary><c>dmcp sweep</c>: several budgets one after another, and what accuracy costs.</summary>
internal sealed class SweepCommand : ToolCommand
{
    private readonly TrainingOptionSet _training = new();
    private readonly Option<string[]> _flops = new("--flops")
    {
        Description = "Budgets with commas between them: shares (0.5,0.25 or 50%) of the unpruned multiply-adds, or millions (43M).",
        HelpName = "LIMITS",
        Required = true,
        CustomParser = argument => LimitsOf(argument),
    };
    private readonly StartOptions _start = new();
    private readonly SearchOptionSet _search = new();
    private readonly Option<string> _output = OutputOption.Folder("sweep");

    public SweepCommand() : base(
        "sweep", "Prunes to several budgets: a folder as of 'dmcp prune' for each, and sweep.html with a table and a plot.")
    {
        _training.AddTo(this);
        Add(_flops);
        _start.AddTo(this);
        _search.AddTo(this);
        Add(_output);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("dmcp sweep --data photos --flops 0.75,0.5,0.25,0.1", "four budgets; the same line again goes on after Ctrl-C"),
        new("dmcp sweep --data photos --flops 0.5,0.25 --method uniform --output uniform", "the baseline"),
    ];

    public override bool Trains => true;

    public override string BudgetRemedy(BudgetOutOfReachException budget) => BudgetOptions.Remedy(budget);

    public override IReadOnlyDictionary<string, string> OptionNames => TrainingOptionSet.Names;

    public override void Run(CommandRun run)
    {
        var images = ReleaseImages.List(_training.Data(run), run.Console);
        var start = _start.Read(run);
        var (hasWeights, size) = (start.SaveWeights is not null, _start.Size(run, start));
        var network = start.Describe(size, images.Classes.Count);
        var search = _search.Read(run, hasWeights);
        var settings = _training.Read(run, size, hasWeights);
        var limits = run.Required(_flops);
        var budgets = limits.Select(text => CostLimitOption.Of(text, Budget.FlopsRatio, Budget.MFlops)).ToArray();
        foreach (var budget in budgets)
            budget.RequireWithinReach(
                network, SearchChoice.WidthsOf(search.Method, budget, network, hasWeights), search.WidthMultiple);
        var root = run.PathOf(run.Required(_output));
        var shared = PrunedFiles.In(root);
        var pruning = new PruneRun(run, start, images, settings, shared);
        if (_training.IsDryRun(run))
        {
            Tell(run, pruning, budgets, search, images.Training.Count);
            return;
        }
        // Results of other options must not stand in one table.
        var options = $"{network}, {images.Training.Count} and {images.Validation.Count} images, {search}, {settings}";
        var results = new List<PruneResult>();
        foreach (var (i, budget) in budgets.Index())
        {
            var files = PrunedFiles.In(Path.Combine(root, limits[i].Replace("%", " percent", StringComparison.Ordinal)));
            var result = Earlier(files, options);
            if (result is null)
            {
                run.Console.Note($"Budget {i + 1} of {budgets.Length}: {budget}");
                result = pruning.Prune(search, budget, files);
                if (result is null)
                    continue;
                var done = new SweepEntry(options, result);
                WholeFile.Write(files.Result, path => File.WriteAllText(path, JsonSerializer.Serialize(done)));
            }
            else
                run.Console.Note($"Budget {i + 1} of {budgets.Length}: {budget}, done before");
            if (!run.IsFirst)
                continue;
            results.Add(result);
            Report(root, limits, results);
        }
        if (run.IsFirst)
            run.Console.Answer(new { folder = Path.GetFullPath(root), report = Path.GetFullPath(Page(root)), results }, Table(limits, results));
    }

    private static void Tell(CommandRun run, PruneRun pruning, Budget[] budgets, SearchSettings search, int trainingImages)
    {
        // The pruned networks are trained at the widths of their budgets; the largest one stands for all.
        var widths = UniformScaling.Find(pruning.Network, budgets[0], search.WidthMultiple).WidthsFor(pruning.Network);
        var range = SearchChoice.WidthsOf(search.Method, budgets[0], pruning.Network, pruning.HasWeights);
        var (seconds, text) = pruning.Estimate(search, range, widths);
        run.Console.Answer(
            new
            {
                network = pruning.Network.Name, budgets = budgets.Select(b => b.ToString()),
                trainingImages, secondsOfOne = Math.Round(seconds),
            },
            $"{budgets.Length} budgets, all within reach: {string.Join("; ", budgets.Select(b => b.ToString()))}\nOne of them: {text}");
    }

    private static string Page(string root) => Path.Combine(root, "sweep.html");

    private static PruneResult? Earlier(PrunedFiles files, string options)
    {
        if (!File.Exists(files.Result))
            return null;
        SweepEntry? entry;
        try
        {
            entry = JsonSerializer.Deserialize<SweepEntry>(File.ReadAllText(files.Result));
        }
        catch (JsonException e)
        {
            throw new FormatException($"'{files.Result}' is damaged: {e.Message} Delete it to prune to this budget again.", e);
        }
        return entry?.Options == options ? entry.Result : throw new ToolException(
            $"'{files.Root}' has the result of other options or images: give another --output. There: {entry?.Options}");
    }

    private static void Report(string root, string[] limits, IReadOnlyList<PruneResult> results)
    {
        var points = results.Select((r, i) => new SweepPoint(
            limits[i], r.MFlops, r.MParameters, r.Accuracy, r.HeldOutImages, r.Milliseconds,
            $"{Path.GetFileName(r.Folder)}/report.html")).ToArray();
        var first = results[0];
        var unpruned = first.UnprunedAccuracy is { } accuracy
            ? new SweepPoint(
                "unpruned", first.UnprunedMFlops, first.UnprunedMParameters, accuracy, first.HeldOutImages, first.UnprunedMilliseconds)
            : null;
        SweepReport.Create($"{first.Network}, pruned by {first.Method} to several budgets", points, unpruned).Save(Page(root));
    }

    private static Table Table(string[] limits, IReadOnlyList<PruneResult> results)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("budget");
        foreach (var name in (string[])["MFLOPs", "M parameters", "ms an image", "accuracy"])
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var (i, r) in results.Index())
            Row(limits[i], r.MFlops, r.MParameters, r.Milliseconds, r.Accuracy);
        var first = results[0];
        Row("unpruned", first.UnprunedMFlops, first.UnprunedMParameters, first.UnprunedMilliseconds, first.UnprunedAccuracy);
        return table;

        void Row(string name, double flops, double parameters, double milliseconds, double? accuracy) => table.AddRow(
            Markup.Escape(name), Text($"{flops:0.00}"), Text($"{parameters:0.000}"), Text($"{milliseconds:0.000}"),
            accuracy is { } share ? Text($"{100 * share:0.0} %") : "-");
    }

    private static string[]? LimitsOf(System.CommandLine.Parsing.ArgumentResult argument)
    {
        const StringSplitOptions clean = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        var limits = argument.Tokens.SelectMany(token => token.Value.Split(',', clean)).Distinct().ToArray();
        if (limits.Length == 0)
            argument.AddError("--flops names no budget; needed are some, such as 0.5,0.25.");
        foreach (var problem in limits.Select(text => CostLimitOption.Problem("--flops", text)).OfType<string>())
            argument.AddError(problem);
        return limits;
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
