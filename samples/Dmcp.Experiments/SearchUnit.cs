using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Dmcp;

namespace Dmcp.Experiments;

/// <summary>A search; its channel configs are kept: the expected widths, and structures by direct sampling.</summary>
/// <param name="Variant">How to search.</param>
/// <param name="DirectSamples">How many structures to draw.</param>
/// <param name="Seed">Seed of the search.</param>
internal sealed record SearchUnit(SearchVariant Variant, int DirectSamples, int Seed) : Unit($"search.{Variant.Name}", Seed)
{
    public override UnitResult Run(Laboratory laboratory, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var (searched, expected) = laboratory.Search(this, cancellation);
        searched.ChannelConfig.Save(laboratory.Folder.ConfigFile(this, "es"));
        IReadOnlyList<ChannelConfig> drawn = [];
        string? note = null;
        try
        {
            drawn = DirectSamples == 0 ? [] : searched.SampleStructures(DirectSamples, Seed);
        }
        catch (InvalidOperationException e)
        {
            note = e.Message;
        }
        laboratory.PlotStatistics(this, searched);
        for (var i = 0; i < drawn.Count; i++)
            drawn[i].Save(laboratory.Folder.ConfigFile(this, string.Create(CultureInfo.InvariantCulture, $"ds{i + 1}")));
        return new UnitResult
        {
            MFlops = searched.ChannelConfig.Flops / 1e6,
            ExpectedMFlops = expected,
            DirectSamples = drawn.Count,
            Seconds = watch.Elapsed.TotalSeconds,
            Note = note,
        };
    }
}
