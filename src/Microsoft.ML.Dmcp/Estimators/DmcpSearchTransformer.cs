using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Search.Dmcp;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// The result of <see cref="DmcpSearchEstimator"/>: the found channel config, and the searched Markov process to draw others from.
/// </summary>
public sealed class DmcpSearchTransformer : ChannelSearchTransformer
{
    internal new const string LoaderSignature = "DmcpSearchTransformer";

    private static readonly ModelStream File = new("DMCPSRCH", version: 0x00010003, readableFrom: 0x00010002, LoaderSignature);

    private readonly SearchedChain _chain;

    internal DmcpSearchTransformer(IHostEnvironment env, SearchedNetwork searched, SearchedChain chain)
        : base(env, LoaderSignature, searched) =>
        _chain = chain;

    // Called by ML.NET when a model file is loaded.
    private DmcpSearchTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : this(env, File.Load(ctx, reader =>
        {
            var searched = SearchedNetwork.Read(reader);
            return (searched, SearchedChain.Read(reader, searched.Network));
        }))
    {
    }

    private DmcpSearchTransformer(IHostEnvironment env, (SearchedNetwork Searched, SearchedChain Chain) loaded)
        : this(env, loaded.Searched, loaded.Chain)
    {
    }

    /// <summary>
    /// Makes a search begin where this one ended: with its α, all moved by the one number at which the expected cost meets the new budget.
    /// A search of a neighbouring budget needs fewer epochs then.
    /// </summary>
    /// <param name="options">Of a search of the same network, image size and widths.</param>
    /// <returns>The options.</returns>
    public DmcpSearchOptions Begin(DmcpSearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.InitialChain = _chain.Chain;
        return options;
    }

    /// <summary>
    /// Draws other structures from the searched Markov process (direct sampling, 3.3 of the paper): each can be trained as a
    /// <see cref="PrunedRetrainOptions.ChannelConfig"/>. A search that was saved and loaded draws them too.
    /// </summary>
    /// <param name="count">How many different structures.</param>
    /// <param name="seed">Seed of the draws: the same seed draws the same structures.</param>
    /// <param name="tolerance">
    /// How far below the budget a structure may lie, as a share of it, in [0, 1), as in the options. None lies above.
    /// </param>
    /// <param name="maxDraws">After so many draws the search for structures ends with an error.</param>
    /// <param name="budget">What they may cost; null (default) for the budget of the search.</param>
    /// <exception cref="InvalidOperationException">
    /// Too few draws lay in the budget; the message says where they lay and what to do.
    /// </exception>
    /// <exception cref="BudgetOutOfReachException">No width that was searched meets the budget.</exception>
    public IReadOnlyList<ChannelConfig> SampleStructures(
        int count, int seed = 1, double tolerance = 0.02, int maxDraws = 100_000, Budget? budget = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDraws, 1);
        if (tolerance is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "The tolerance must be a share in [0, 1).");
        var chain = budget is null ? _chain
            : _chain with { Limits = budget.For(Network, _chain.Chain.Blocks.Select(b => b.MinChannels).ToArray()) };
        return chain.Sample(Network, ChannelConfig.Method, count, tolerance, maxDraws, seed, budget);
    }

    /// <summary>
    /// Draws structures from the searched Markov process, whatever they cost, and counts what they cost and how wide they are: how far the
    /// process has settled, and how much its structures differ.
    /// </summary>
    /// <param name="draws">How many structures are drawn; equal ones count each.</param>
    /// <param name="seed">Seed of the draws: the same seed gives the same statistics.</param>
    /// <param name="margin">
    /// How far above or below the budget a structure may lie to count as in it, as a share of it, in [0, 1).
    /// </param>
    public StructureStatistics Statistics(int draws = 3000, int seed = 1, double margin = 0.05)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        if (margin is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(margin), margin, "The margin must be a share in [0, 1).");
        return _chain.Statistics(Network, draws, margin, seed);
    }

    private protected override void Save(ModelSaveContext ctx) => File.Save(ctx, writer =>
    {
        Searched.Write(writer);
        _chain.Write(writer);
    });
}
