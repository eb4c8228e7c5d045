using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Search.Dmcp;

/// <summary>
/// The sandwich rule (3.2, stage 1): which sub-networks are trained on a batch beside the widest: the narrowest, and random ones.
/// </summary>
internal sealed class SandwichRule(MarkovModel model, DmcpSearchOptions options, RandomSource random)
{
    private const double UniformDecay = 0.9999;

    /// <summary>Widths of the sub-networks of an iteration.</summary>
    /// <param name="warmingUp">Whether α is not trained yet.</param>
    /// <param name="searchIteration">Iterations since the warm-up ended.</param>
    /// <param name="least">Share of the blocks that are always kept.</param>
    public IReadOnlyList<int[]> Draw(bool warmingUp, long searchIteration, double least = 0)
    {
        var sampling = warmingUp ? options.WarmUpSampling : options.SearchSampling;
        var narrowest = model.Grid.WidthsOf(least, options.IsGentle ? HalfOfTheExpectedWidths() : null);
        Func<int[]> uniform = () => model.Grid.DrawUniform(random, narrowest);
        var draw = least > 0 ? uniform : Drawer(sampling, uniform, warmingUp, searchIteration);
        return [narrowest, .. Enumerable.Range(0, options.RandomSubNetworks).Select(_ => draw())];
    }

    private double[] HalfOfTheExpectedWidths() => model.ExpectedWidthsOnHost().Select(width => width / 2).ToArray();

    private Func<int[]> Drawer(SubNetworkSampling sampling, Func<int[]> drawUniform, bool warmingUp, long searchIteration)
    {
        if (options.SandwichRule == SandwichRuleKind.Original)
            return () => model.Grid.DrawRatio(random);
        var uniform = sampling switch
        {
            SubNetworkSampling.Uniform => 1,
            SubNetworkSampling.Scheduled => warmingUp ? 1 : Math.Pow(UniformDecay, searchIteration / 10 + 1),
            _ => 0,
        };
        if (uniform == 1)
            return drawUniform;
        var chain = model.Chain();
        return () => random.NextDouble() < uniform ? drawUniform() : chain.Draw(random);
    }
}
