using System.Globalization;
using System.Text;
using Dmcp.Samples.Shared;

namespace Dmcp.Compare;

/// <summary>Which parts the comparison has, and its report.</summary>
internal sealed class Comparison(CompareSettings settings, IReadOnlyList<string> methods, IReadOnlyList<int> seeds, ImageLaboratory laboratory)
{
    private readonly Method[] _methods = Method.All.Where(m => methods.Contains(m.Name)).ToArray();

    /// <summary>Seed by seed, so that a run that is cut short has whole rounds.</summary>
    public IReadOnlyList<ComparedPart> Parts { get; } = seeds.SelectMany(seed => settings.FlopsShares.SelectMany(share => PartsOf(settings, methods, share, seed)).Prepend(new UniformPart(1, seed))).ToArray();

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
    private static TunePart Tuned(CompareSettings settings, string method, double share, int seed) =>
        new(new SearchPart(Method.Of(method == "uniform" ? "magnitude" : method), share, seed), method == "uniform", settings.TuneEpochs);

    public string Report()
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"# Search methods at equal FLOPs");
        Line($"");
        Line($"{(settings.Data is null ? "Drawn shapes" : $"Images of `{settings.Data}`")}: {laboratory.TrainingImages} for training, {laboratory.HeldOutImages} held out, {laboratory.Classes} classes, {settings.ImageSize}x{settings.ImageSize} pixels; network {settings.Network} ({laboratory.UnprunedMFlops:0.0} MFLOPs).");
        Line($"Each search {settings.SearchEpochs} epochs with the defaults of its method; what it found was trained from scratch for {settings.TrainEpochs} epochs, and trained on from the search's own weights (uniform: those of magnitude pruning, which trains the unpruned network) for {settings.TuneEpochs} epochs, alike for all. Accuracy on the held-out images in percent: mean ± standard deviation of one run over seeds.");
        Line($"Search time in seconds on one machine, with whatever else ran there; evaluated structures beside the search's own training. {Parts.Count(laboratory.Folder.IsDone)} of {Parts.Count} parts are done.");
        foreach (var share in settings.FlopsShares)
        {
            Line($"");
            Line($"## {100 * share:0} % of the FLOPs");
            Line($"");
            Line($"| method | MFLOPs | from scratch | fine-tuned | search, s | evaluated structures |");
            Line($"| -- | --: | --: | --: | --: | --: |");
            Line($"| unpruned | {MFlops(Uniform(1)):0.00} | {Accuracy(Uniform(1))} | | | |");
            Line($"| uniform | {MFlops(Uniform(share)):0.00} | {Accuracy(Uniform(share))} | {Accuracy(Results(seed => Tuned(settings, "uniform", share, seed)))} | 0 | 0 |");
            foreach (var method in _methods)
                Line($"| {method.Name} | {MFlops(Trained(method, share)):0.00} | {Accuracy(Trained(method, share))} | {Accuracy(Results(seed => Tuned(settings, method.Name, share, seed)))} | {Searched(method, share).Select(r => r.Seconds).DefaultIfEmpty(double.NaN).Average():0} | {Searched(method, share).Select(r => (double)r.EvaluatedStructures).DefaultIfEmpty(double.NaN).Average():0} |");
            Noise(share, Line);
        }
        Line($"");
        Line($"Methods that choose filters and not their number find the uniform widths; trained from scratch they are the uniform network, and are not trained again.");
        var dais = _methods.SelectMany(m => settings.FlopsShares.SelectMany(s => Searched(m, s))).Where(r => r.BinaryShare is not null).ToArray();
        string Range(Func<PartResult, double?> value) => string.Create(CultureInfo.InvariantCulture, $"{100 * dais.Min(value):0} to {100 * dais.Max(value):0} %");
        if (dais.Length > 0)
        {
            Line($"");
            Line($"DAIS's indicators ended within 0.01 of 0 or 1 in {Range(r => r.BinaryShare)} of the channels, near 0 in {Range(r => r.ZeroShare)}; those near 1 used {Range(r => r.BudgetUse)} of the budget before it was enforced.");
        }
        Plot(Line);
        return text.ToString();
    }

    /// <summary>How far apart means must be to say anything.</summary>
    private void Noise(double share, Action<FormattableString> line)
    {
        var samples = _methods.Select(m => Trained(m, share)).Append(Uniform(share)).Where(r => r.Length > 1).Select(Accuracies).DistinctBy(s => string.Join(' ', s.Values)).ToArray();
        if (samples.Length == 0)
            return;
        var deviation = Math.Sqrt(samples.Sum(s => (s.Values.Count - 1) * s.Deviation * s.Deviation) / samples.Sum(s => s.Values.Count - 1));
        var least = samples.Min(s => s.Values.Count);
        line($"");
        line($"One training from scratch varies by {100 * deviation:0.0} points (standard deviation, pooled over the methods): two means over {least} seeds that are less than {200 * deviation * Math.Sqrt(2.0 / least):0.0} points apart are the same within the noise.");
    }

    private void Plot(Action<FormattableString> line)
    {
        var series = _methods.Select(m => m.Name).Prepend("uniform").Select(name => new LineSeries(name, settings.FlopsShares
            .Select(share => name == "uniform" ? Uniform(share) : Trained(Method.Of(name), share)).Where(r => r.Length > 0)
            .Select(r => (r.Average(x => x.MFlops), 100 * r.Average(x => x.Accuracy!.Value))).OrderBy(p => p.Item1).ToArray())).Where(s => s.Points.Count > 0).ToArray();
        if (series.Length == 0)
            return;
        LinePlot.Save("Accuracy against MFLOPs", "MFLOPs", "accuracy, percent", series, laboratory.Folder.PlotFile("figure1"));
        line($"");
        line($"![Accuracy against MFLOPs](plots/figure1.svg)");
    }

    private PartResult[] Uniform(double share) => Results(seed => new UniformPart(share, seed));

    private PartResult[] Trained(Method method, double share) => Results(seed => new TrainPart(new SearchPart(method, share, seed)));

    private PartResult[] Searched(Method method, double share) => Results(seed => new SearchPart(method, share, seed));

    private PartResult[] Results(Func<int, Part> part) => seeds.Select(s => laboratory.Folder.ResultOf<PartResult>(part(s))).OfType<PartResult>().ToArray();

    private static double MFlops(PartResult[] results) => results.Select(r => r.MFlops).DefaultIfEmpty(double.NaN).Average();

    private static string Accuracy(PartResult[] results) => Accuracies(results).ToString();

    private static Sample Accuracies(PartResult[] results) => new(results.Select(r => r.Accuracy!.Value).ToArray());
}
