using System.Diagnostics;
using System.Globalization;
using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Training;

namespace Dmcp.Compare;

/// <summary>A part of the comparison.</summary>
internal abstract record ComparedPart(string Name, int Seed) : Part(Name, Seed)
{
    public abstract PartResult Run(ImageLaboratory laboratory, CancellationToken cancellation);

    protected static string Percent(double share) => (100 * share).ToString("0", CultureInfo.InvariantCulture);
}

/// <summary>A search by one method.</summary>
internal sealed record SearchPart(Method Method, double Share, int Seed) : ComparedPart($"search.{Method.Name}.{Percent(Share)}", Seed)
{
    public override PartResult Run(ImageLaboratory laboratory, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var (options, estimator) = Method.Create(laboratory.Context.Transforms);
        (options.Network, options.Budget) = (laboratory.Architecture(1), Budget.FlopsRatio(Share));
        var config = laboratory.Search(this, estimator, options, null, cancellation).ChannelConfig;
        config.Save(laboratory.Folder.ConfigFile(this, "found"));
        var settings = config.Method.Settings;
        return new PartResult
        {
            MFlops = config.Flops / 1e6,
            Seconds = watch.Elapsed.TotalSeconds,
            EvaluatedStructures = int.Parse(settings.GetValueOrDefault("evaluatedStructures", "0"), CultureInfo.InvariantCulture),
            BinaryShare = settings.TryGetValue("binaryShare", out var binary) ? double.Parse(binary, CultureInfo.InvariantCulture) : null,
        };
    }
}

/// <summary>The training from scratch of what a search found, alike for all methods.</summary>
internal sealed record TrainPart(SearchPart Search) : ComparedPart(Search.Name.Replace("search.", "train.", StringComparison.Ordinal), Search.Seed)
{
    public override Part Needs => Search;

    public override PartResult Run(ImageLaboratory laboratory, CancellationToken cancellation) =>
        Trained(this, ChannelConfig.Load(laboratory.Folder.ConfigFile(Search, "found")), laboratory, cancellation);

    public static PartResult Trained(Part part, ChannelConfig config, ImageLaboratory laboratory, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var (accuracy, _) = laboratory.Train(part, config, RetrainMethod.FromScratch, cancellation);
        return new PartResult { Accuracy = accuracy, MFlops = config.Flops / 1e6, Seconds = watch.Elapsed.TotalSeconds };
    }
}

/// <summary>The training of the uniformly narrowed network; of the unpruned one for a share of 1.</summary>
internal sealed record UniformPart(double Share, int Seed) : ComparedPart($"train.uniform.{Percent(Share)}", Seed)
{
    public override PartResult Run(ImageLaboratory laboratory, CancellationToken cancellation) =>
        TrainPart.Trained(this, UniformScaling.Find(laboratory.Describe(1), Budget.FlopsRatio(Share)), laboratory, cancellation);
}
