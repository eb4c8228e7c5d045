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
    public IReadOnlyList<ComparedPart> Parts { get; } = seeds.SelectMany(seed => PartsOf(settings, methods, seed)).ToArray();

    private static IEnumerable<ComparedPart> PartsOf(CompareSettings settings, IReadOnlyList<string> methods, int seed) =>
        settings.FlopsShares
            .SelectMany(share => PartsOf(settings, methods, share, seed))
            .Prepend(new UniformPart(1, seed));

    private static IEnumerable<ComparedPart> PartsOf(CompareSettings settings, IReadOnlyList<string> methods, double share, int seed)
    {
        yield return new UniformPart(share, seed);
        yield return Tuned(settings, "uniform", share, seed);
        foreach (var search in Method.All.Where(m => methods.Contains(m.Name)).Select(m => new SearchPart(m, share, seed)))
        {
            yield return search;
            yield return new TrainPart(search);
            yield return Tuned(settings, search.Method.Name, share, seed);
        }
    }

    // Uniform widths are tuned from the training of magnitude pruning, which is that of the unpruned network for as long as the searches.
    private static TunePart Tuned(CompareSettings settings, string method, double share, int seed)
    {
        var isUniform = method == "uniform";
        var weights = new SearchPart(Method.Of(isUniform ? "magnitude" : method), share, seed);
        return new TunePart(weights, isUniform, settings.TuneEpochs);
    }

    public string Report()
    {
        _text.Clear();
        _text.Line($"# Search methods at equal FLOPs");
        _text.Line($"");
        Introduction();
        foreach (var share in settings.FlopsShares)
            Table(share);
        _text.Line($"");
        _text.Line(
            $"Methods that choose filters and not their number find the uniform widths; ",
            $"trained from scratch they are the uniform network, and are not trained again.");
        Indicators();
        Plot();
        return _text.ToString();
    }

    private void Introduction()
    {
        _text.Line(
            $"{(settings.Data is null ? "Drawn shapes" : $"Images of `{settings.Data}`")}: ",
            $"{laboratory.TrainingImages} for training, {laboratory.HeldOutImages} held out, {laboratory.Classes} classes, ",
            $"{settings.ImageSize}x{settings.ImageSize} pixels; ",
            $"network {settings.Network} ({laboratory.UnprunedMFlops:0.0} MFLOPs).");
        _text.Line(
            $"Each search {settings.SearchEpochs} epochs with the defaults of its method; ",
            $"what it found was trained from scratch for {settings.TrainEpochs} epochs, ",
            $"and trained on from the search's own weights ",
            $"(uniform: those of magnitude pruning, which trains the unpruned network) ",
            $"for {settings.TuneEpochs} epochs, alike for all. ",
            $"Accuracy on the held-out images in percent: mean ± standard deviation of one run over seeds.");
        _text.Line(
            $"Search time in seconds on one machine, with whatever else ran there; ",
            $"evaluated structures beside the search's own training. ",
            $"{Parts.Count(laboratory.Folder.IsDone)} of {Parts.Count} parts are done.");
    }

    /// <summary>The methods at one share of the FLOPs.</summary>
    private void Table(double share)
    {
        _text.Line($"");
        _text.Line($"## {100 * share:0} % of the FLOPs");
        _text.Line($"");
        _text.Line($"| method | MFLOPs | from scratch | fine-tuned | search, s | evaluated structures |");
        _text.Line($"| -- | --: | --: | --: | --: | --: |");
        _text.Line($"| unpruned | {MFlops(Uniform(1)):0.00} | {Accuracy(Uniform(1))} | | | |");
        _text.Line($"| uniform | {MFlops(Uniform(share)):0.00} | {Accuracy(Uniform(share))} | {TunedAccuracy("uniform", share)} | 0 | 0 |");
        foreach (var method in _methods)
        {
            var trained = Trained(method, share);
            var searched = Searched(method, share);
            _text.Line(
                $"| {method.Name} | {MFlops(trained):0.00} | {Accuracy(trained)} | {TunedAccuracy(method.Name, share)} ",
                $"| {Mean(searched, r => r.Seconds):0} | {Mean(searched, r => r.EvaluatedStructures):0} |");
        }
        Noise(share);
    }

    /// <summary>How far apart means must be to say anything.</summary>
    private void Noise(double share)
    {
        var samples = _methods
            .Select(m => Trained(m, share))
            .Append(Uniform(share))
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
            .SelectMany(m => settings.FlopsShares.SelectMany(s => Searched(m, s)))
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

    private void Plot()
    {
        var series = _methods
            .Select(m => m.Name)
            .Prepend("uniform")
            .Select(name => new LineSeries(name, Points(name)))
            .Where(s => s.Points.Count > 0)
            .ToArray();
        if (series.Length == 0)
            return;
        LinePlot.Save("Accuracy against MFLOPs", "MFLOPs", "accuracy, percent", series, laboratory.Folder.PlotFile("figure1"));
        _text.Line($"");
        _text.Line($"![Accuracy against MFLOPs](plots/figure1.svg)");
    }

    private (double MFlops, double Percent)[] Points(string method) => settings.FlopsShares
        .Select(share => method == "uniform" ? Uniform(share) : Trained(Method.Of(method), share))
        .Where(r => r.Length > 0)
        .Select(r => (MFlops: r.Average(x => x.MFlops), Percent: 100 * r.Average(x => x.Accuracy!.Value)))
        .OrderBy(p => p.MFlops)
        .ToArray();

    private PartResult[] Uniform(double share) => Results(seed => new UniformPart(share, seed));

    private PartResult[] Trained(Method method, double share) => Results(seed => new TrainPart(new SearchPart(method, share, seed)));

    private PartResult[] Searched(Method method, double share) => Results(seed => new SearchPart(method, share, seed));

    private PartResult[] Results(Func<int, Part> part) => seeds
        .Select(s => laboratory.Folder.ResultOf<PartResult>(part(s)))
        .OfType<PartResult>()
        .ToArray();

    private static double Mean(PartResult[] results, Func<PartResult, double> value) =>
        results.Select(value).DefaultIfEmpty(double.NaN).Average();

    private static double MFlops(PartResult[] results) => Mean(results, r => r.MFlops);

    private string TunedAccuracy(string method, double share) => Accuracy(Results(seed => Tuned(settings, method, share, seed)));

    private static string Accuracy(PartResult[] results) => Accuracies(results).ToString();

    private static Sample Accuracies(PartResult[] results) => new(results.Select(r => r.Accuracy!.Value).ToArray());
}
