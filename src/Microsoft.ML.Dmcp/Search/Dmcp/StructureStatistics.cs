using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// What structures drawn from the searched Markov process (direct sampling, 3.3) cost and how wide they are: the figures behind the plots
/// of the authors' release.
/// </summary>
/// <param name="Flops">Multiply-adds of one image in every drawn structure, in the order of the draws.</param>
/// <param name="Parameters">Parameters of every drawn structure, in the order of the draws.</param>
/// <param name="InBudgetDraws">How many of them cost the budget within the tolerance.</param>
/// <param name="Groups">The channel groups in the network's order.</param>
public sealed record StructureStatistics(
    IReadOnlyList<long> Flops, IReadOnlyList<long> Parameters, int InBudgetDraws, IReadOnlyList<GroupStatistics> Groups)
{
    /// <summary>Number of structures that were drawn.</summary>
    public int Draws => Flops.Count;

    /// <summary>Mean of <see cref="Flops"/>.</summary>
    public double MeanFlops => Flops.Average();

    /// <summary>Standard deviation of <see cref="Flops"/> about their mean.</summary>
    public double FlopsDeviation => Deviation(Flops);

    /// <summary>Mean of <see cref="Parameters"/>.</summary>
    public double MeanParameters => Parameters.Average();

    /// <summary>Standard deviation of <see cref="Parameters"/> about their mean.</summary>
    public double ParametersDeviation => Deviation(Parameters);

    /// <param name="chain">The searched chain.</param>
    /// <param name="network">The unpruned network.</param>
    /// <param name="inBudget">Whether a structure of these widths costs the budget within the tolerance.</param>
    /// <param name="draws">How many structures are drawn.</param>
    /// <param name="random">Where the randomness comes from.</param>
    internal static StructureStatistics Of(
        MarkovChain chain, NetworkDescription network, Func<int[], bool> inBudget, int draws, RandomSource random)
    {
        var (flopsOf, parametersOf) = (NetworkCost.Flops(network), NetworkCost.Parameters(network));
        var (flops, parameters) = (new long[draws], new long[draws]);
        var inBudgetDraws = 0;
        var (sampled, sampledInBudget) = (Counts(chain), Counts(chain));
        for (var draw = 0; draw < draws; draw++)
        {
            var widths = chain.Draw(random);
            flops[draw] = flopsOf.Count(widths);
            parameters[draw] = parametersOf.Count(widths);
            Add(widths, chain, sampled);
            if (!inBudget(widths))
                continue;
            Add(widths, chain, sampledInBudget);
            inBudgetDraws++;
        }
        return new StructureStatistics(flops, parameters, inBudgetDraws,
            network.Groups.Select(g => GroupStatistics.Of(g, chain, sampled[g.Index], sampledInBudget[g.Index])).ToArray());
    }

    private static int[][] Counts(MarkovChain chain) => chain.Blocks.Select(b => new int[b.Blocks + 1]).ToArray();

    private static void Add(int[] widths, MarkovChain chain, int[][] counts)
    {
        for (var g = 0; g < widths.Length; g++)
            counts[g][chain.Blocks[g].KeptBlocks(widths[g])]++;
    }

    private static double Deviation(IReadOnlyList<long> costs)
    {
        var mean = costs.Average();
        return Math.Sqrt(costs.Average(c => (c - mean) * (c - mean)));
    }
}
