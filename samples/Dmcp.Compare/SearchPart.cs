using System.Diagnostics;
using System.Globalization;
using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp;

namespace Dmcp.Compare;

/// <summary>A search by one method.</summary>
internal sealed record SearchPart(Method Method, BudgetShares Budget, int Seed) : ComparedPart($"search.{Method.Name}.{Budget.Id}", Seed)
{
    public override bool KeepsCheckpoint => true;

    public override PartResult Run(ImageLaboratory laboratory, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var (options, estimator) = Method.Create(laboratory.Context.Transforms);
        (options.Network, options.Budget) = (laboratory.Architecture(1), Budget.ToBudget());
        var config = laboratory.Search(this, estimator, options, null, cancellation).ChannelConfig;
        config.Save(laboratory.Folder.ConfigFile(this, "found"));
        var settings = config.Method.Settings;
        double? Number(string name) => settings.TryGetValue(name, out var value) ? double.Parse(value, CultureInfo.InvariantCulture) : null;
        return new PartResult
        {
            MFlops = config.Flops / 1e6,
            MParameters = config.Parameters / 1e6,
            Seconds = laboratory.Folder.SecondsBefore(this) + watch.Elapsed.TotalSeconds,
            EvaluatedStructures = int.Parse(settings.GetValueOrDefault("evaluatedStructures", "0"), CultureInfo.InvariantCulture),
            BinaryShare = Number("binaryShare"),
            ZeroShare = Number("zeroShare"),
            BudgetUse = Number("budgetUseByIndicators"),
        };
    }
}
