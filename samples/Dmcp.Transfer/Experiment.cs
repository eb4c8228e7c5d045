using System.Globalization;
using Dmcp.Samples.Shared;

namespace Dmcp.Transfer;

/// <summary>Which parts there are, and the report of what they found.</summary>
/// <param name="workshop">Where results are kept.</param>
/// <param name="budgets">What pruned networks may use.</param>
/// <param name="widths">Which networks.</param>
/// <param name="starts">Which trainings.</param>
/// <param name="seeds">Seeds of everything.</param>
/// <param name="repeats">Trainings of every network: the first stands in the table, all of them show how much one training varies.</param>
internal sealed class Experiment(
    Workshop workshop, IReadOnlyList<BudgetShares> budgets, IReadOnlyList<Widths> widths, IReadOnlyList<Start> starts,
    IReadOnlyList<int> seeds, int repeats)
{
    private readonly ReportText _text = new();

    /// <summary>All trainings, seed by seed.</summary>
    public IReadOnlyList<Part> Parts { get; } = seeds.SelectMany(seed => OfSeed(budgets, widths, starts, seed, repeats)).ToArray();

    /// <summary>The measurement of the milliseconds, when all networks are there.</summary>
    public LatencyPart Latency => new([new TeacherPart(seeds[0]), .. Structures.Select(s => Measured(s.Widths, s.Budget))]);

    // The first channels and the best ones are networks of one structure, which takes as long.
    private IEnumerable<(Widths Widths, BudgetShares Budget)> Structures => budgets.SelectMany(budget =>
        widths.Where(w => w != Widths.Prefix || !Contains(Widths.Uniform)).Select(w => (w, budget)));

    public string Report()
    {
        var settings = workshop.Settings;
        _text.Clear();
        _text.Line($"# From a pre-trained network to a small one");
        _text.Line($"");
        _text.Line(
            $"{(settings.Data is null ? "Drawn shapes" : "Images")}: {workshop.TrainingImages} for training, ",
            $"{workshop.HeldOutImages} held out, {workshop.Unpruned.Classes} classes, ",
            $"{settings.ImageSize}x{settings.ImageSize} pixels; network {workshop.Unpruned.Name}. ",
            $"Unpruned network fine-tuned for {settings.TeacherEpochs} epochs, searches {settings.SearchEpochs}, ",
            $"pruned networks fine-tuned for {settings.TuneEpochs} or trained from scratch for {settings.ScratchEpochs}. ",
            $"Accuracy on the held-out images in percent, mean ± standard deviation of one run. ",
            $"Milliseconds an image in ONNX Runtime: one thread, one image at a time, median of turns; size of the ONNX file.");
        _text.Line($"");
        _text.Line($"| network | MFLOPs | parameters, M | MB | ms | {string.Join(" | ", starts.Select(NameOf))} |");
        _text.Line($"| -- | --: | --: | --: | --: | {string.Join(" | ", starts.Select(_ => "--:"))} |");
        var unpruned = Results(seed => new TeacherPart(seed));
        var ofUnpruned = starts.Contains(Start.Tuned) ? Start.Tuned : starts[^1];
        var tuned = string.Join(" | ", starts.Select(start => start == ofUnpruned ? Accuracy(unpruned) : ""));
        _text.Line($"| unpruned | {Costs(unpruned, new TeacherPart(seeds[0]))} | {tuned} |");
        foreach (var budget in budgets)
            foreach (var kind in widths)
            {
                var results = starts.Select(start => Results(seed => PartOf(kind, start, budget, seed))).ToArray();
                _text.Line(
                    $"| {budget}, {NameOf(kind)} | {Costs(results[^1], Measured(kind, budget))} ",
                    $"| {string.Join(" | ", results.Select(Accuracy))} |");
            }
        ReportNoise();
        _text.Line($"");
        _text.Line($"{Parts.Count(workshop.Folder.IsDone)} of {Parts.Count} parts are done.");
        var withoutLatency = budgets.Where(budget => budget.Latency is null).ToArray();
        Plot("MFLOPs", withoutLatency, (result, _) => result.MFlops, "flops");
        Plot("parameters, millions", withoutLatency, (result, _) => result.MParameters, "parameters");
        if (Milliseconds is { } times)
            Plot("milliseconds", budgets, (_, part) => times.GetValueOrDefault(part.Id, double.NaN), "milliseconds");
        return _text.ToString();
    }

    /// <summary>By how much the trainings of one network from the same weights differ.</summary>
    private void ReportNoise()
    {
        foreach (var start in starts)
        {
            var networks = (
                from budget in budgets
                from kind in widths
                from seed in seeds
                let results = Enumerable.Range(0, repeats)
                    .Select(repeat => workshop.Folder.ResultOf<PartResult>(PartOf(kind, start, budget, seed, repeat)))
                    .OfType<PartResult>()
                    .ToArray()
                where results.Length > 1
                select SampleOf(results)).ToArray();
            if (networks.Length == 0)
                continue;
            var trainings = networks.Sum(network => network.Values.Count);
            var squares = networks.Sum(network => (network.Values.Count - 1) * network.Deviation * network.Deviation);
            _text.Line($"");
            _text.Line(
                $"One training ({NameOf(start)}) varies by {100 * Math.Sqrt(squares / (trainings - networks.Length)):0.00} points ",
                $"(standard deviation; {trainings} trainings of {networks.Length} networks, each from the same weights).");
        }
    }

    private Dictionary<string, double>? Milliseconds => workshop.Folder.ResultOf<Dictionary<string, double>>(Latency);

    /// <summary>Mean accuracy of the last start against a cost.</summary>
    private void Plot(string cost, IReadOnlyList<BudgetShares> plotted, Func<PartResult, Part, double> of, string name)
    {
        var lines = widths.Select(kind => new LineSeries(NameOf(kind), plotted
            .Select(budget => (Results(seed => PartOf(kind, starts[^1], budget, seed)), Measured(kind, budget)))
            .Append((Results(seed => new TeacherPart(seed)), new TeacherPart(seeds[0])))
            .Where(point => point.Item1.Length > 0)
            .Select(point => (X: of(point.Item1[0], point.Item2), Y: 100 * point.Item1.Average(r => r.Accuracy!.Value)))
            .Where(point => double.IsFinite(point.X))
            .OrderBy(point => point.X)
            .ToArray())).Where(line => line.Points.Count > 1).ToArray();
        if (lines.Length == 0)
            return;
        LinePlot.Save($"Accuracy against {cost}", cost, "accuracy, percent", lines, workshop.Folder.PlotFile(name));
        _text.Line($"");
        _text.Line($"![Accuracy against {cost}](plots/{name}.svg)");
    }

    private static IEnumerable<Part> OfSeed(
        IReadOnlyList<BudgetShares> budgets, IReadOnlyList<Widths> widths, IReadOnlyList<Start> starts, int seed, int repeats) =>
        (from budget in budgets
         from kind in widths
         from start in starts
         from repeat in Enumerable.Range(0, repeats)
         select (Part)PartOf(kind, start, budget, seed, repeat))
            .Prepend(new TeacherPart(seed))
            .Distinct();

    // Fresh weights are in no order.
    private static PrunePart PartOf(Widths widths, Start start, BudgetShares budget, int seed, int repeat = 0) =>
        new((start, widths) switch
        {
            (Start.Scratch, Widths.Prefix) => Widths.Uniform,
            (Start.Scratch, Widths.DmcpWhole) => Widths.Dmcp,
            _ => widths,
        }, start, budget, seed, repeat);

    private Part Measured(Widths widths, BudgetShares budget) =>
        PartOf(
            widths == Widths.Prefix && Contains(Widths.Uniform) ? Widths.Uniform : widths, starts[^1], budget, seeds[0]);

    private bool Contains(Widths kind) => widths.Contains(kind);

    private PartResult[] Results(Func<int, Part> part) =>
        seeds.Select(seed => workshop.Folder.ResultOf<PartResult>(part(seed))).OfType<PartResult>().ToArray();

    private string Costs(PartResult[] results, Part measured)
    {
        if (results.Length == 0)
            return " | | |";
        var milliseconds = Milliseconds is { } times && times.TryGetValue(measured.Id, out var time)
            ? time.ToString("0.00", CultureInfo.InvariantCulture) : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{results.Average(r => r.MFlops):0} | {results.Average(r => r.MParameters):0.00} | {results.Average(r => r.Megabytes):0.0} " +
            $"| {milliseconds}");
    }

    private static string Accuracy(PartResult[] results) => SampleOf(results).ToString();

    private static Sample SampleOf(PartResult[] results) => new(results.Select(r => r.Accuracy!.Value).ToArray());

    private static string NameOf(Start start) => start switch
    {
        Start.Scratch => "from scratch",
        Start.Tuned => "fine-tuned",
        Start.Distilled => "with distillation",
        _ => "the same, a search's epochs longer",
    };

    private static string NameOf(Widths kind) => kind switch
    {
        Widths.Prefix => "uniform, first channels",
        Widths.Uniform => "uniform, best channels",
        Widths.Dmcp => "DMCP",
        Widths.DmcpWhole => "DMCP, cut from the unpruned network",
        Widths.Global => "global Taylor",
        _ => "global Taylor in steps",
    };
}
