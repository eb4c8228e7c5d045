using System.Text.Json;
using Microsoft.ML.Dmcp.Tool.Frame;

namespace Microsoft.ML.Dmcp.Tool.Release;

/// <summary>The structures of a finished search, in the files of the release and ours.</summary>
/// <param name="run">The command.</param>
/// <param name="config">The config file.</param>
/// <param name="folder">The results.</param>
internal sealed class SearchedStructures(CommandRun run, ReleaseConfig config, ResultFolder folder)
{
    // The release takes structures within 1 % of the target.
    private const double Tolerance = 0.01;
    private const double Million = 1e6;

    /// <summary>Writes expected_ch, drawn structures, and statistics of more draws.</summary>
    /// <param name="searched">The search.</param>
    /// <param name="budget">What drawn structures may cost; null for the budget of the search.</param>
    /// <returns>The expected MFLOPs of the searched process.</returns>
    public double Write(DmcpSearchTransformer searched, Budget? budget)
    {
        ResultFolder.Save(folder.Expected, searched.ChannelConfig, searched.Network);
        var statistics = searched.Statistics(config.Search!.Draws, config.Seed);
        WholeFile.Write(folder.Statistics, path => File.WriteAllText(path, JsonSerializer.Serialize(statistics)));
        var structures = Draw(searched, budget);
        for (var i = 0; i < structures.Count; i++)
            ResultFolder.Save(folder.Sample(i + 1), structures[i], searched.Network);
        return ExpectedMFlops(searched, statistics);
    }

    /// <summary>The finished search of a folder.</summary>
    public static DmcpSearchTransformer Load(MLContext ml, ResultFolder from) =>
        ((IEnumerable<ITransformer>)ml.Model.Load(from.SearchModel, out _)).OfType<DmcpSearchTransformer>().Single();

    /// <summary>The expected MFLOPs of the searched process.</summary>
    public static double ExpectedMFlops(DmcpSearchTransformer searched, StructureStatistics statistics) =>
        NetworkCost.Flops(searched.Network).Expected([.. statistics.Groups.Select(g => g.ExpectedWidth)]) / Million;

    private IReadOnlyList<ChannelConfig> Draw(DmcpSearchTransformer searched, Budget? budget)
    {
        if (config.Search!.Structures == 0)
            return [];
        try
        {
            return searched.SampleStructures(config.Search.Structures, config.Seed, Tolerance, budget: budget);
        }
        catch (InvalidOperationException e)
        {
            // The release would draw for ever.
            run.Console.Warn($"No structures are drawn beside expected_ch: {ErrorText.Of(e)}");
            return [];
        }
    }
}
