using System.Globalization;
using Dmcp.Samples.Shared;

namespace Dmcp.Compare;

/// <summary>Which parts the comparison has, and its report.</summary>
internal sealed class Comparison(
    CompareSettings settings, IReadOnlyList<string> methods, IReadOnlyList<int> seeds, ImageLaboratory laboratory)
{
    private readonly Method[] _methods = Method.All.Where(m => methods.Contains(m.Name)).ToArray();
    private readonly ReportText _text = new();

    /// <summary>Seed by seed, so that a run that is cut short has whole rounds.</summary>
    public IReadOnlyList<ComparedPart> Parts { get; } = seeds
        .SelectMany(seed => settings.Budgets.SelectMany(budget => PartsOf(settings, methods, budget, seed)))
        .Concat(seeds.Select(seed => new UniformPart(BudgetShares.All, seed)))
        .ToArray();

    private static IEnumerable<ComparedPart> PartsOf(CompareSettings settings, IReadOnlyList<string> methods, BudgetShares budget, int seed)
    {
        yield return new UniformPart(budget, seed);
        yield return new UniformPart(budget, seed, settings.SearchEpochs);
        if (settings.TuneEpochs > 0)
            yield return Tuned(settings, "uniform", budget, seed);
        foreach (var search in Method.All.Where(m => methods.Contains(m.Name)).Select(m => new SearchPart(m, budget, seed)))
        {
            yield return search;
            yield return new TrainPart(search);
            if (settings.TuneEpochs > 0)
                yield return Tuned(settings, search.Method.Name, budget, seed);
        }
    }

    // Uniform widths are tuned from the training of magnitude pruning, which is that of the unpruned network for as long as the searches.
    private static TunePart Tuned(CompareSettings settings, string method, BudgetShares budget, int seed)
    {
        var isUniform = method == "uniform";
        var weights = new SearchPart(Method.Of(isUniform ? "magnitude" : method), budget, seed);
        return new TunePart(weights, isUniform, settings.TuneEpochs);
    }

    public string Report()
    {
        _text.Clear();
        _text.Line($"# Search methods at equal budgets");
        _text.Line($"");
        Introduction();
        foreach (var budget in settings.Budgets)
            Table(budget);
        if (_methods.Any(m => m.FindsUniformWidths))
        {
            _text.Line($"");
            _text.Line(
                $"Methods that choose filters and not their number find the uniform widths; ",
                $"trained from scratch they are the uniform network, and are not trained again.");
        }
        Indicators();
        Plot("MFLOPs", budget => budget.Flops is not null, r => r.MFlops, "figure1");
        Plot("parameters, millions", budget => budget.Parameters is not null, r => r.MParameters, "figure2");
        return _text.ToString();
    }

    private void Introduction()
    {
        _text.Line(
            $"{(settings.Data is null ? "Drawn shapes" : $"Images of `{settings.Data}`")}: ",
            $"{laboratory.TrainingImages} for training, {laboratory.HeldOutImages} held out, {laboratory.Classes} classes, ",
            $"{settings.ImageSize}x{settings.ImageSize} pixels; ",
            $"network {settings.Network} ({laboratory.UnprunedMFlops:0.0} MFLOPs, ",
            $"{laboratory.UnprunedMParameters:0.00} million parameters).");
        _text.Line(
            $"Each search {settings.SearchEpochs} epochs with the defaults of its method; ",
            $"what it found was trained from scratch for {settings.TrainEpochs} epochs",
            $"{(settings.TuneEpochs > 0 ? $", {Tuning}" : "")}, alike for all. ",
            $"Accuracy on the held-out images in percent: mean ± standard deviation of one run over seeds.");
        _text.Line(
            $"Search time in seconds on one machine, with whatever else ran there; ",
            $"evaluated structures beside the search's own training. ",
            $"{Parts.Count(laboratory.Folder.IsDone)} of {Parts.Count} parts are done.");
    }

    private string LongerUniform => $"uniform, {settings.SearchEpochs} epochs more";

    private string Tuning => "and trained on from the search's own weights "
        + $"(uniform: those of magnitude pruning, which trains the unpruned network) for {settings.TuneEpochs} epochs";

    /// <summary>The methods at one budget.</summary>
    private void Table(BudgetShares budget)
    {
        var (unpruned, uniform, longer) = (Uniform(BudgetShares.All), Uniform(budget), Uniform(budget, settings.SearchEpochs));
        _text.Line($"");
        _text.Line($"## {budget}");
        _text.Line($"");
        Row("method", "MFLOPs | parameters, M", "from scratch", "fine-tuned", "search, s", "evaluated structures");
        Row("--", "--: | --:", "--:", "--:", "--:", "--:");
        if (unpruned.Length > 0)
            Row("unpruned", Costs(unpruned), Accuracy(unpruned), "", "", "");
        Row("uniform", Costs(uniform), Accuracy(uniform), TunedAccuracy("uniform", budget), "0", "0");
        Row(LongerUniform, Costs(longer), Accuracy(longer), "", "0", "0");
        foreach (var method in _methods)
        {
            var trained = Trained(method, budget);
            var searched = Searched(method, budget);
            Row(
                method.Name, Costs(trained), Accuracy(trained), TunedAccuracy(method.Name, budget),
                Mean(searched, r => r.Seconds, "0"), Mean(searched, r => r.EvaluatedStructures, "0"));
        }
        Noise(budget);
    }

    /// <summary>A row of a table, which has a column of fine-tuning where there is any.</summary>
    private void Row(string name, string costs, string scratch, string tuned, string seconds, string evaluated) => _text.Line(
        $"| {name} | {costs} | {scratch} {(settings.TuneEpochs > 0 ? $"| {tuned} " : "")}| {seconds} | {evaluated} |");

    /// <summary>How far apart means must be to say anything.</summary>
    private void Noise(BudgetShares budget)
    {
        var samples = _methods
            .Select(m => Trained(m, budget))
            .Append(Uniform(budget))
            .Where(r => r.Length > 1)
            .Select(Accuracies)
            .DistinctBy(s => string.Join(' ', s.Values))
            .ToArray();
        if (samples.Length == 0)
            return;
        var squares = samples.Sum(s => (s.Values.Count - 1) * s.Deviation * s.Deviation);
        var deviation = Math.Sqrt(squares / samples.Sum(s => s.Values.Count - 1));
        var least = samples.Min(s => s.Values.Count);
        _text.Line($"");
        _text.Line(
            $"One training from scratch varies by {100 * deviation:0.0} points (standard deviation, pooled over the methods): ",
            $"two means over {least} seeds that are less than {200 * deviation * Math.Sqrt(2.0 / least):0.0} points apart ",
            $"are the same within the noise.");
    }

    /// <summary>Where the indicators of DAIS ended.</summary>
    private void Indicators()
    {
        var dais = _methods
            .SelectMany(m => settings.Budgets.SelectMany(b => Searched(m, b)))
            .Where(r => r.BinaryShare is not null)
            .ToArray();
        if (dais.Length == 0)
            return;
        string Range(Func<PartResult, double?> value) =>
            string.Create(CultureInfo.InvariantCulture, $"{100 * dais.Min(value):0} to {100 * dais.Max(value):0} %");
        _text.Line($"");
        _text.Line(
            $"DAIS's indicators ended within 0.01 of 0 or 1 in {Range(r => r.BinaryShare)} of the channels, ",
            $"near 0 in {Range(r => r.ZeroShare)}; ",
            $"those near 1 used {Range(r => r.BudgetUse)} of the budget before it was enforced.");
    }

    /// <summary>Accuracy against what one of the limits counts.</summary>
    private void Plot(string cost, Func<BudgetShares, bool> limits, Func<PartResult, double> of, string name)
    {
        var budgets = settings.Budgets.Where(limits).ToArray();
        IEnumerable<(string Name, Func<BudgetShares, PartResult[]> Results)> lines =
        [
            ("uniform", budget => Uniform(budget)),
            (LongerUniform, budget => Uniform(budget, settings.SearchEpochs)),
            .. _methods.Select(m => (m.Name, (Func<BudgetShares, PartResult[]>)(budget => Trained(m, budget)))),
        ];
        var series = lines
            .Select(line => new LineSeries(line.Name, Points(line.Results, budgets, of)))
            .Where(s => s.Points.Count > 0)
            .ToArray();
        if (series.Length == 0)
            return;
        LinePlot.Save($"Accuracy against {cost}", cost, "accuracy, percent", series, laboratory.Folder.PlotFile(name));
        _text.Line($"");
        _text.Line($"![Accuracy against {cost}](plots/{name}.svg)");
    }

    private static (double Cost, double Percent)[] Points(
        Func<BudgetShares, PartResult[]> results, BudgetShares[] budgets, Func<PartResult, double> cost) => budgets
        .Select(results)
        .Where(r => r.Length > 0)
        .Select(r => (Cost: r.Average(cost), Percent: 100 * r.Average(x => x.Accuracy!.Value)))
        .OrderBy(p => p.Cost)
        .ToArray();

    private PartResult[] Uniform(BudgetShares budget, int more = 0) => Results(seed => new UniformPart(budget, seed, more));

    private PartResult[] Trained(Method method, BudgetShares budget) =>
        Results(seed => new TrainPart(new SearchPart(method, budget, seed)));

    private PartResult[] Searched(Method method, BudgetShares budget) => Results(seed => new SearchPart(method, budget, seed));

    private PartResult[] Results(Func<int, Part> part) => seeds
        .Select(s => laboratory.Folder.ResultOf<PartResult>(part(s)))
        .OfType<PartResult>()
        .ToArray();

    private static string Mean(PartResult[] results, Func<PartResult, double> value, string format) => results.Length == 0
        ? "-" : results.Average(value).ToString(format, CultureInfo.InvariantCulture);

    private static string Costs(PartResult[] results) =>
        $"{Mean(results, r => r.MFlops, "0.00")} | {Mean(results, r => r.MParameters, "0.000")}";

    private string TunedAccuracy(string method, BudgetShares budget) => Accuracy(Results(seed => Tuned(settings, method, budget, seed)));

    private static string Accuracy(PartResult[] results) => Accuracies(results).ToString();

    private static Sample Accuracies(PartResult[] results) => new(results.Select(r => r.Accuracy!.Value).ToArray());
}
