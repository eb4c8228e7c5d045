using System.Globalization;
using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Release;

namespace Microsoft.ML.Dmcp.Tool.Commands;

/// <summary><c>dmcp calc-flops</c>: mode calc_flops of the release.</summary>
internal sealed class CalcFlopsCommand() : ReleaseCommand(
    "calc-flops", "Counts the FLOPs (multiply-adds) of a network of the release: unpruned, or at the widths of --chcfg.",
    needsData: false, needsFlops: false)
{
    private const double Million = 1e6;

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("dmcp calc-flops --config config/res18/dmcp.yaml", "ResNet-18, unpruned and where a search begins"),
        new("dmcp calc-flops --config config/res18/retrain.yaml --chcfg results/DMCPResNet18_900_112813/model_sample/expected_ch",
            "what a search found"),
    ];

    public override void Run(CommandRun run)
    {
        var config = Read(run, countsOnly: true);
        var network = config.Describe();
        var flops = config.Search is null ? WidthsOf(run, config).Flops : NetworkCost.Flops(network).Count(network.FullWidths);
        var expected = config.Search is null ? null : Expected(run, config, network);
        run.Console.Answer(
            new { network = config.Network.Type, flops, mFlops = flops / Million, expectedMFlops = expected },
            string.Create(CultureInfo.InvariantCulture, $"flops: {flops / Million:0.00}")
                + (expected is null ? "" : string.Create(CultureInfo.InvariantCulture, $"\nexpected flops: {expected:0.00}")));
    }

    /// <summary>
    /// The expected MFLOPs of a search that was finished, or where one begins: α = 0, so that every transition has probability ½. None
    /// for a state dict of PyTorch, whose α is not read.
    /// </summary>
    private double? Expected(CommandRun run, ReleaseConfig config, NetworkDescription network)
    {
        if (StateDict(run, config) is not null)
            return null;
        if (Earlier(run, config) is not null)
        {
            var searched = SearchedStructures.Load(run.Context(), RequireEarlier(run, config, f => f.SearchModel));
            return SearchedStructures.ExpectedMFlops(searched, searched.Statistics(draws: 1));
        }
        var widths = network.Groups.Select(g => AtStart(ChannelBlocks.Divide(g.Channels, config.Search!.Widths)));
        return NetworkCost.Flops(network).Expected([.. widths]) / Million;
    }

    private static double AtStart(ChannelBlocks blocks) =>
        blocks.MinChannels + blocks.BlockSize * Enumerable.Range(1, blocks.Blocks).Sum(k => Math.Pow(0.5, k));
}
