using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Networks;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>What a search leaves behind.</summary>
/// <param name="Config">The widths it found.</param>
/// <param name="Network">The unpruned network with its shared weights.</param>
/// <param name="Model">The Markov model with the searched α.</param>
/// <param name="Chain">What structures can be drawn from later.</param>
/// <param name="ExpectedCosts">Expected cost at the end for each limit of the budget, in millions.</param>
internal sealed record SearchResult(ChannelConfig Config, SlimmableNetwork Network, MarkovModel Model, SearchedChain Chain, IReadOnlyList<double> ExpectedCosts) : IDisposable
{
    public void Dispose()
    {
        Network.Dispose();
        Model.Dispose();
    }
}
