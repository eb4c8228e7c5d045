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
        yield return TunedUniform(settings, share, seed);
        foreach (var search in Method.All.Where(m => methods.Contains(m.Name)).Select(m => new SearchPart(m, share, seed)))
        {
            yield return search;
            yield return new TrainPart(search);
            yield return new TunePart(search, settings.TuneEpochs);
        }
    }

    private static TunePart TunedUniform(CompareSettings settings, double share, int seed) => new(new UniformPart(1, seed), share, settings.TuneEpochs);

    public string Report()
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"# Search methods at equal FLOPs");
        Line($"");
        Line($"{(settings.Data is null ? "Drawn shapes" : $"Images of `{settings.Data}`")}: {laboratory.TrainingImages} for training, {laboratory.HeldOutImages} held out, {laboratory.Classes} classes, {settings.ImageSize}x{settings.ImageSize} pixels; network {settings.Network} ({laboratory.UnprunedMFlops:0.0} MFLOPs).");
        Line($"Each search {settings.SearchEpochs} epochs with the defaults of its method; what it found was trained from scratch for {settings.TrainEpochs} epochs, and trained on from the search's own weights (uniform: the unpruned network's) for {settings.TuneEpochs} epochs, alike for all. Accuracy on the held-out images in percent: mean ± standard deviation of one run over seeds.");
        Line($"Search time in seconds on one machine, with whatever else ran there; evaluated structures beside the search's own training. {Parts.Count(laboratory.Folder.IsDone)} of {Parts.Count} parts are done.");
        foreach (var share in settings.FlopsShares)
        {
            Line($"");
            Line($"## {100 * share:0} % of the FLOPs");
            Line($"");
            Line($"| method | MFLOPs | from scratch | fine-tuned | search, s | evaluated structures |");
            Line($"| -- | --: | --: | --: | --: | --: |");
            Line($"| unpruned | {MFlops(Uniform(1)):0.00} | {Accuracy(Uniform(1))} | | | |");
            Line($"| uniform | {MFlops(Uniform(share)):0.00} | {Accuracy(Uniform(share))} | {Accuracy(Results(seed => TunedUniform(settings, share, seed)))} | 0 | 0 |");
            foreach (var method in _methods)
                Line($"| {method.Name} | {MFlops(Trained(method, share)):0.00} | {Accuracy(Trained(method, share))} | {Accuracy(Results(seed => new TunePart(new SearchPart(method, share, seed), settings.TuneEpochs)))} | {Searched(method, share).Select(r => r.Seconds).DefaultIfEmpty(double.NaN).Average():0} | {Searched(method, share).Select(r => (double)r.EvaluatedStructures).DefaultIfEmpty(double.NaN).Average():0} |");
        }
        var binary = _methods.SelectMany(m => settings.FlopsShares.SelectMany(s => Searched(m, s))).Select(r => r.BinaryShare).OfType<double>().ToArray();
        if (binary.Length > 0)
        {
            Line($"");
            Line($"DAIS's indicators ended within 0.01 of 0 or 1 in {100 * binary.Min():0.0} to {100 * binary.Max():0.0} % of the channels.");
        }
        Plot(Line);
        return text.ToString();
    }

    private void Plot(Action<FormattableString> line)
    {
        var series = _methods.Select(m => m.Name).Prepend("uniform").Select(name => new LineSeries(name, settings.FlopsShares
            .Select(share => name == "uniform" ? Uniform(share) : Trained(Method.All.Single(m => m.Name == name), share)).Where(r => r.Length > 0)
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

    private static string Accuracy(PartResult[] results) => new Sample(results.Select(r => r.Accuracy!.Value).ToArray()).ToString();
}
