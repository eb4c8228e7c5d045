using System.Globalization;
using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp;

namespace Dmcp.Experiments;

/// <summary>The report: for every table of the paper what it found, and what this run found.</summary>
internal sealed class Report(Plan plan, Laboratory laboratory)
{
    private readonly ReportText _text = new();

    public string ToMarkdown()
    {
        var s = laboratory.Settings;
        _text.Line($"# The experiments of the DMCP paper, small");
        _text.Line($"");
        _text.Line(
            $"{(s.Data is null ? "Drawn shapes" : $"Images of `{s.Data}`")}: ",
            $"{laboratory.Images.TrainingImages} for training, {laboratory.Images.HeldOutImages} held out, ",
            $"{laboratory.Images.Classes} classes, {s.ImageSize}x{s.ImageSize} pixels.");
        _text.Line(
            $"Network {s.Network}; budgets {100 * s.FlopsShare:0} % and {100 * s.SmallFlopsShare:0} % of its FLOPs. ",
            $"Each search {s.SearchEpochs} epochs, each training {s.TrainEpochs} epochs from scratch, ",
            $"batches of {s.BatchSize}; the same settings for all rows.");
        _text.Line(
            $"Accuracies on the held-out images in percent: mean ± standard deviation of one run over seeds ",
            $"(each with its own search and its own training). ",
            $"{plan.Units.Count(laboratory.Folder.IsDone)} of {plan.Units.Count} parts are done.");
        _text.Line($"");
        _text.Line(
            $"The paper's figures are ImageNet top-1 accuracies of MobileNetV2 (MBV2) or ResNet-50; ",
            $"only the direction of a difference can be compared.");
        ExpectedAgainstDirectSampling();
        UnprunedScale();
        WarmUp();
        Sandwich();
        UpdateScheme();
        PrunedAgainstUniform();
        Recoverability();
        Difference();
        Statistics();
        Notes();
        return _text.ToString();
    }

    private void ExpectedAgainstDirectSampling()
    {
        Head("Table 1: expected sampling (ES) against direct sampling (DS)", "", "ES", "DS, highest", "DS, lowest", "uniform");
        Row("paper, MBV2 1.5x at 210M", "72.2", "72.4", "70.6", "70.4");
        Row("paper, ResNet-50 at 1.1G", "74.1", "74.0", "72.3", "71.9");
        Row("here", Es(SearchVariant.Dmcp), Best(SearchVariant.Dmcp), Worst(SearchVariant.Dmcp), Of(Plan.Uniform));
    }

    private void UnprunedScale()
    {
        Head("Table 2: the scale of the unpruned network", "", "ES", "DS, highest", "DS, lowest");
        Row("paper, MBV2 1.5x at 59M", "62.7", "62.9", "60.8");
        Row("paper, MBV2 1.0x at 59M", "62.6", "62.6", "60.6");
        Row("paper, MBV2 1.5x at 210M", "72.2", "72.4", "71.4");
        Row("paper, MBV2 1.0x at 210M", "71.8", "72.0", "70.4");
        Here("small budget, 1.5x", SearchVariant.LargeSmallBudget);
        Here("small budget, 1.0x", SearchVariant.SmallBudget);
        Here("1.5x", SearchVariant.Large);
        Here("1.0x", SearchVariant.Dmcp);
    }

    private void WarmUp()
    {
        Head("Table 3: warm-up", "", "ES", "DS, highest", "DS, lowest");
        Row("paper, with", "72.2", "72.4", "71.4");
        Row("paper, without", "71.4", "71.2", "70.5");
        Here("with", SearchVariant.Dmcp);
        Here("without", SearchVariant.NoWarmUp);
    }

    private void Sandwich()
    {
        Head("Table 4: the sandwich rule", "", "top-1");
        Row("paper, original", "71.5");
        Row("paper, variant", "72.4");
        Row("here, original", Es(SearchVariant.OriginalSandwich));
        Row("here, variant", Es(SearchVariant.Dmcp));
    }

    private void UpdateScheme()
    {
        Head("Table 5: what is updated while α is searched", "", "top-1");
        Row("paper: α by the FLOPs loss", "52.1");
        Row("paper: α by FLOPs and task loss", "61.5");
        Row("paper: α by FLOPs and task loss, and weights", "62.7");
        Row("here: α by the FLOPs loss", Es(SearchVariant.BudgetLossOnly));
        Row("here: α by FLOPs and task loss", Es(SearchVariant.FrozenWeights));
        Row("here: α by FLOPs and task loss, and weights", Es(SearchVariant.Dmcp));
        _text.Line($"");
        _text.Line(
            $"(The search here starts at the budget, where the FLOPs loss is zero: alone, it leaves all α equal, ",
            $"and the first row is a network narrowed evenly.)");
    }

    private void PrunedAgainstUniform()
    {
        Head("Table 6: pruned against uniform, equal FLOPs and equal training", "", "MFLOPs", "top-1");
        Row("paper, MBV2: uniform 1.0x", "300", "72.3");
        Row("paper, MBV2: uniform / DMCP", "210 / 211", "70.3 / 72.4");
        Row("paper, MBV2: uniform / DMCP", "59", "60.1 / 62.7");
        Row("paper, MBV2: DMCP* (slimmable training)", "211", "73.5");
        Row("here, unpruned", MFlops(Plan.Unpruned), Of(Plan.Unpruned));
        Row("here, uniform", MFlops(Plan.Uniform), Of(Plan.Uniform));
        Row("here, DMCP", MFlops(s => plan.Es(SearchVariant.Dmcp, s)), Es(SearchVariant.Dmcp));
        Row("here, DMCP*, slimmable training", MFlops(plan.Slimmable), Of(plan.Slimmable));
        Row("here, uniform, small budget", MFlops(Plan.UniformSmall), Of(Plan.UniformSmall));
        Row("here, DMCP, small budget", MFlops(s => plan.Es(SearchVariant.SmallBudget, s)), Es(SearchVariant.SmallBudget));
        Bars(
            "ablations", "All variants at the budget",
            ("uniform", null), ("DMCP", SearchVariant.Dmcp),
            ("no warm-up", SearchVariant.NoWarmUp),
            ("original sandwich", SearchVariant.OriginalSandwich),
            ("FLOPs loss only", SearchVariant.BudgetLossOnly),
            ("frozen weights", SearchVariant.FrozenWeights),
            ("from 1.5x", SearchVariant.Large));
    }

    private void Recoverability()
    {
        _text.Line($"");
        _text.Line($"## Figure 4: recoverability");
        _text.Line($"");
        _text.Line(
            $"Trained, frozen weights, random α (mean 0, deviation 1), task loss only. The paper: \"FLOPs and top-1 training accuracy ",
            $"recover to those of the pre-trained model within 500 iterations\" (MobileNetV2).");
        var runs = plan.Seeds
            .Select(s => (Seed: s, Result: laboratory.ResultOf(Plan.Recoverability(s))))
            .Where(r => r.Result is not null)
            .Select(r => (r.Seed, Result: r.Result!))
            .ToArray();
        if (runs.Length == 0)
            return;
        _text.Line($"");
        Row(
            "seed", "iterations", "MFLOPs at first", "at the end", "of",
            "training accuracy at first", "at the end", "of the trained network");
        Row("--", "--:", "--:", "--:", "--:", "--:", "--:", "--:");
        foreach (var (seed, r) in runs)
            Row(
                Number(seed, "0"), Number(r.Curve[^1].Iteration, "0"),
                Number(r.Curve[0].MFlops, "0.0"), Number(r.Curve[^1].MFlops, "0.0"), Number(r.MFlops, "0.0"),
                Number(100 * r.Curve[0].Accuracy, "0.0"), Number(100 * r.Curve[^1].Accuracy, "0.0"),
                Number(100 * (r.TrainingAccuracy ?? double.NaN), "0.0"));
        LineSeries[] Curves(Func<RecoveryPoint, double> value) => runs
            .Select(r => new LineSeries($"seed {r.Seed}", r.Result.Curve.Select(p => ((double)p.Iteration, value(p))).ToArray()))
            .ToArray();
        var whole = runs[0].Result;
        LinePlot.Save(
            "Recoverability: expected FLOPs", "iteration", "MFLOPs",
            [.. Curves(p => p.MFlops), Level("unpruned network", whole, whole.MFlops)],
            laboratory.Folder.PlotFile("figure4-flops"));
        LinePlot.Save(
            "Recoverability: training accuracy", "iteration", "percent",
            [.. Curves(p => 100 * p.Accuracy), Level("trained network", whole, 100 * (whole.TrainingAccuracy ?? 0))],
            laboratory.Folder.PlotFile("figure4-accuracy"));
        Plot("figure4-flops", "Expected FLOPs against iterations");
        Plot("figure4-accuracy", "Training accuracy against iterations");
    }

    private static LineSeries Level(string name, UnitResult run, double value) =>
        new(name, [(0, value), (run.Curve[^1].Iteration, value)]);

    private void Difference()
    {
        _text.Line($"");
        _text.Line($"## Figure 5: the structures found in unpruned networks of two scales");
        _text.Line($"");
        _text.Line(
            $"Width of every layer found in the 1.5x network minus that found in the 1.0x network, at one budget. ",
            $"The paper: 1.0x \"tends to retain more channels in shallow layers\", 1.5x in deep ones.");
        foreach (var seed in plan.Seeds)
        {
            var large = laboratory.Folder.ConfigFile(plan.Search(SearchVariant.Large, seed), "es");
            var own = laboratory.Folder.ConfigFile(plan.Search(SearchVariant.Dmcp, seed), "es");
            if (!File.Exists(large) || !File.Exists(own))
                continue;
            var name = FormattableString.Invariant($"figure5-seed{seed}");
            WidthDifferencePlot.Save(
                FormattableString.Invariant($"1.5x minus 1.0x, seed {seed}"),
                ChannelConfig.Load(large).DifferenceFrom(ChannelConfig.Load(own)),
                laboratory.Describe(1),
                laboratory.Folder.PlotFile(name));
            Plot(name, FormattableString.Invariant($"Difference of widths, seed {seed}"));
        }
    }

    private void Statistics()
    {
        _text.Line($"");
        _text.Line($"## Statistics of the searches");
        _text.Line($"");
        _text.Line(
            $"As the release draws them, for the search of the first seed: FLOPs of 3,000 drawn structures, ",
            $"expected width of every group against its full width, and the distribution of each group's width. ",
            $"Those of the other searches lie in `plots`.");
        var search = plan.Search(SearchVariant.Dmcp, plan.Seeds[0]).Id;
        Plot($"{search}.flops", "FLOPs of drawn structures");
        Plot($"{search}.mean-widths", "Expected widths");
        Plot($"{search}.width-distribution", "Distribution of widths");
        Plot($"{search}.widths", "The emitted channel config");
    }

    private void Notes()
    {
        var notes = plan.Units.Select(u => (u.Id, laboratory.ResultOf(u)?.Note)).Where(n => n.Note is not null).ToArray();
        if (notes.Length == 0)
            return;
        _text.Line($"");
        _text.Line($"## Notes");
        _text.Line($"");
        foreach (var (id, note) in notes)
            _text.Line($"- {id}: {note}");
    }

    private string Es(SearchVariant variant) => Of(s => plan.Es(variant, s));

    private string Best(SearchVariant variant) => OfDirect(variant, Enumerable.Max);

    private string Worst(SearchVariant variant) => OfDirect(variant, Enumerable.Min);

    private string Of(Func<int, Unit> unit) => new Sample(Results(unit).Select(r => r.Accuracy!.Value).ToArray()).ToString();

    // Only seeds of which all structures are trained: the best of two is no best of five.
    private string OfDirect(SearchVariant variant, Func<IEnumerable<double>, double> choose) => new Sample(plan.Seeds
        .Select(s => plan.Ds(variant, s).Select(u => laboratory.ResultOf(u)).ToArray())
        .Where(results => results.Length > 0 && results.All(r => r is not null))
        .Select(results => results.Select(r => r!.Accuracy).OfType<double>().ToArray())
        .Where(a => a.Length > 0)
        .Select(choose)
        .ToArray()).ToString();

    private string MFlops(Func<int, Unit> unit) => Results(unit) is { Count: > 0 } r ? Number(r.Average(x => x.MFlops), "0.00") : "";

    private IReadOnlyList<UnitResult> Results(Func<int, Unit> unit) => plan.Seeds
        .Select(s => laboratory.ResultOf(unit(s)))
        .OfType<UnitResult>()
        .Where(r => r.Accuracy is not null)
        .ToArray();

    private void Plot(string name, string text)
    {
        if (!File.Exists(laboratory.Folder.PlotFile(name)))
            return;
        _text.Line($"");
        _text.Line($"![{text}](plots/{name}.svg)");
    }

    /// <summary>Bars of the rows "here" of a table.</summary>
    private void Bars(string name, string title, params (string Label, SearchVariant? Variant)[] rows)
    {
        double[] Percents(SearchVariant? variant) => Results(variant is null ? Plan.Uniform : s => plan.Es(variant, s))
            .Select(r => 100 * r.Accuracy!.Value)
            .ToArray();
        var bars = rows
            .Select(r => (r.Label, Values: Percents(r.Variant)))
            .Where(r => r.Values.Length > 0)
            .Select(r => Bar.OfDeviation(r.Label, r.Values))
            .ToArray();
        if (bars.Length == 0)
            return;
        var baseline = Math.Max(0, Math.Floor(bars.Min(b => b.Low) / 10) * 10 - 10);
        var heading = title + " (mean ± standard deviation over seeds)";
        BarPlot.Save(heading, "accuracy, percent", bars, laboratory.Folder.PlotFile(name), baseline);
        Plot(name, title);
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private void Head(string title, params string[] columns)
    {
        _text.Line($"");
        _text.Line($"## {title}");
        _text.Line($"");
        Row(columns);
        Row(columns.Select((_, i) => i == 0 ? "--" : "--:").ToArray());
    }

    /// <summary>The row of this run for a search: expected widths, best and worst by direct sampling.</summary>
    private void Here(string title, SearchVariant variant) => Row("here, " + title, Es(variant), Best(variant), Worst(variant));

    private void Row(params string[] cells) => _text.Line($"| {string.Join(" | ", cells)} |");
}
