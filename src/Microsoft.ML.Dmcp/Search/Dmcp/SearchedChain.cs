using System.Globalization;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Budgets.Latencies;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Checkpoints;

namespace Microsoft.ML.Dmcp.Search.Dmcp;

/// <summary>What a search leaves to draw structures from: the Markov process of every channel group, and the budget.</summary>
/// <param name="Chain">The searched transition probabilities.</param>
/// <param name="Limits">What the structures may cost.</param>
internal sealed record SearchedChain(MarkovChain Chain, CostLimits Limits)
{
    // More limits than anyone gives, and bytes than a latency table has: a corrupt file.
    private const int LargestCount = 100, LargestTable = 1 << 26;

    /// <summary>Channel configs by direct sampling, the settings of the search in each.</summary>
    public IReadOnlyList<ChannelConfig> Sample(
        NetworkDescription network, SearchMethod searched, int count, double tolerance, int maxDraws, int seed, Budget? budget = null)
    {
        var settings = new SortedDictionary<string, string>(searched.Settings.ToDictionary(), StringComparer.Ordinal)
        {
            ["directSampling"] = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, tolerance {tolerance}"),
        };
        settings.Remove("alphaShift");
        if (budget is not null)
            settings[CheckpointIdentity.BudgetSetting] = budget.ToString();
        var allowed = new AllowedWidths(network, AllowedWidths.MultipleIn(searched.Settings));
        int[] Draw(RandomSource random) => allowed.Round(Chain.Draw(random));
        return DirectSampling.Sample(Draw, Limits, count, tolerance, maxDraws, new RandomSource(seed))
            .Select(widths => ChannelConfig.Of(network, widths, new SearchMethod(searched.Name, settings))).ToArray();
    }

    /// <summary>What drawn structures cost and how wide they are.</summary>
    public StructureStatistics Statistics(NetworkDescription network, int draws, double margin, int seed) =>
        StructureStatistics.Of(Chain, network, widths => Math.Abs(Limits.Use(widths) - 1) <= margin, draws, new RandomSource(seed));

    public void Write(BinaryWriter writer)
    {
        writer.Write(Limits.Items.Count);
        foreach (var limit in Limits.Items)
        {
            writer.Write((int)limit.Metric);
            writer.Write(limit.Most);
            if (limit.Cost is LatencyCost latency)
                writer.Write(latency.Table.ToJson());
        }
        writer.Write(Chain.Blocks.Count);
        foreach (var (blocks, transitions) in Chain.Blocks.Zip(Chain.Transitions))
        {
            writer.Write(blocks.Channels);
            writer.Write(blocks.MinChannels);
            writer.Write(blocks.BlockSize);
            writer.Write(blocks.Blocks);
            foreach (var p in transitions)
                writer.Write(p);
        }
    }

    /// <exception cref="FormatException">The numbers are not those of a chain over the network's groups.</exception>
    public static SearchedChain Read(BinaryReader reader, NetworkDescription network)
    {
        var count = reader.ReadInt32();
        if (count is < 1 or > LargestCount)
            throw new FormatException($"The searched chain has {count} limits.");
        var limits = Enumerable.Range(0, count).Select(_ => ReadLimit(reader, network)).ToArray();
        var groups = reader.ReadInt32();
        if (groups != network.Groups.Count)
            throw new FormatException($"The searched chain is for {groups} groups; the network has {network.Groups.Count}.");
        var (blocks, transitions) = (new ChannelBlocks[groups], new double[groups][]);
        for (var g = 0; g < groups; g++)
        {
            var b = blocks[g] = new ChannelBlocks(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
            if (b.Channels != network.Groups[g].Channels || b.MinChannels < 1 || b.BlockSize < 1 || b.Blocks < 0
                || (long)b.MinChannels + (long)b.BlockSize * b.Blocks != b.Channels)
                throw new FormatException(
                    $"The blocks {b} do not make up group '{network.Groups[g].Name}' of {network.Groups[g].Channels} channels.");
            transitions[g] = Enumerable.Range(0, b.Blocks).Select(_ => reader.ReadDouble()).ToArray();
            if (transitions[g].Any(p => p is not (>= 0 and <= 1)))
                throw new FormatException($"Group '{network.Groups[g].Name}' has a transition probability outside of [0, 1].");
        }
        return new SearchedChain(new MarkovChain(blocks, transitions), new CostLimits(limits));
    }

    private static CostLimit ReadLimit(BinaryReader reader, NetworkDescription network)
    {
        var (metric, most) = ((BudgetMetric)reader.ReadInt32(), reader.ReadInt64());
        if (!Enum.IsDefined(metric) || most < 1)
            throw new FormatException($"The searched chain has a limit of {most} of metric {metric}, which cannot be.");
        var table = metric == BudgetMetric.Latency ? LatencyTable.FromJson(reader.ReadText(LargestTable)) : null;
        return new CostLimit(metric, CostLimit.CostOf(metric, network, table), most);
    }
}
