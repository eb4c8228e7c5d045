using System.Globalization;
using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Release;

namespace Microsoft.ML.Dmcp.Tool.Commands;

/// <summary><c>dmcp sample</c>: mode sample of the release.</summary>
internal sealed class SampleCommand() : ReleaseCommand(
    "sample", "Draws structures within --flops from a search that 'dmcp train' finished, and writes the expected one.",
    needsData: false, needsFlops: true)
{
    // A search uses 95 % of its budget at least.
    private const double Near = 0.05;

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("dmcp sample --config config/res18/dmcp.yaml --flops 900 --checkpoint results/DMCPResNet18_900_112813",
            "five structures and expected_ch in model_sample"),
    ];

    public override void Run(CommandRun run)
    {
        var config = Read(run, countsOnly: true);
        if (config.Search is null)
            throw new ToolException(
                $"{config.File} is for {config.Network.Type}; structures are drawn from a search, whose config is a dmcp.yaml.");
        var searched = SearchedStructures.Load(run.Context(), RequireEarlier(run, config, f => f.SearchModel));
        var folder = NewFolder(run, config);
        var expected = new SearchedStructures(run, config, folder).Write(searched, BudgetOf(run));
        var found = searched.ChannelConfig.Flops / 1e6;
        if (Math.Abs(found / BudgetOf(run)!.Limits[0].Amount - 1) > Near)
            run.Console.Warn(FormattableString.Invariant(
                $"expected_ch has the {found:0.00} MFLOPs of the search: as in the release, only the drawn structures follow --flops."));
        run.Console.Answer(
            new
            {
                folder = Path.GetFullPath(folder.Root), network = config.Network.Type, mFlops = found,
                expectedMFlops = expected, channelConfig = Path.GetFullPath(folder.Expected),
            },
            string.Create(CultureInfo.InvariantCulture,
                $"{searched.ChannelConfig}\nexpected flops: {expected:0.00}\nStructures in {Path.GetDirectoryName(folder.Expected)}"));
    }
}
