using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Networks;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>
/// The variant sandwich rule (3.2, stage 1): which sub-networks are trained on a batch beside the widest. The narrowest, and random
/// ones whose widths differ group by group.
/// </summary>
internal sealed class SandwichRule(MarkovModel model, SearchOptions options, RandomSource random)
{
    private const double UniformDecay = 0.9999;

    /// <summary>Widths of the sub-networks of an iteration.</summary>
    /// <param name="warmingUp">Whether α is not trained yet.</param>
    /// <param name="searchIteration">Iterations since the warm-up ended.</param>
    public IEnumerable<int[]> Draw(bool warmingUp, long searchIteration)
    {
        yield return model.MinWidths;
        var sampling = warmingUp ? options.WarmUpSampling : options.SearchSampling;
        var uniform = sampling switch
        {
            SubNetworkSampling.Uniform => 1,
            SubNetworkSampling.Scheduled => warmingUp ? 1 : Math.Pow(UniformDecay, searchIteration / 10 + 1),
            _ => 0,
        };
        var transitions = uniform < 1 ? model.TransitionsOnHost() : null;
        for (var i = 0; i < options.RandomSubNetworks; i++)
            yield return transitions is null || random.NextDouble() < uniform ? model.DrawUniform(random) : model.Draw(transitions, random);
    }
}
