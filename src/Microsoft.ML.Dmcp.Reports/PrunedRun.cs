using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Estimators;

namespace Microsoft.ML.Dmcp.Reports;

/// <summary>A search and the training of what it found, as far as the process knows them.</summary>
/// <param name="Network">The trained network.</param>
/// <param name="Search">The search; null where nobody has it.</param>
/// <param name="Description">The unpruned network; null where nobody knows it.</param>
internal sealed record PrunedRun(PrunedNetworkTransformer Network, ChannelSearchTransformer? Search, NetworkDescription? Description)
{
    public ChannelConfig Config => Network.ChannelConfig;

    /// <summary>The budget as text; null where nobody knows it.</summary>
    public string? BudgetText => Search?.Budget?.ToString() ?? Config.Method.Settings.GetValueOrDefault("budget");

    /// <summary>The limits of the budget with what each is and what the network costs; empty where nobody knows them.</summary>
    public IReadOnlyList<CostLimit> Limits => Search?.Budget?.Of(Search.Network).Items ?? [];

    /// <summary>The widths of the network in the order of the groups of <see cref="Description"/>.</summary>
    public int[] Widths => Config.Groups.Select(g => g.Width).ToArray();

    /// <exception cref="ArgumentException">The search of the options is of another network.</exception>
    public static PrunedRun Of(ITransformer model, PrunedNetworkTransformer network, PruningReportOptions options)
    {
        var config = network.ChannelConfig;
        if (options.Search is { } given && !IsOf(given, config))
            throw new ArgumentException(
                $"The search of the options found '{given.ChannelConfig}'; the network of the model is '{config}': " +
                "give the search that it was trained from, or none.", nameof(options));
        var search = options.Search
            ?? ModelParts.Of(model).OfType<ChannelSearchTransformer>().LastOrDefault(s => IsOf(s, config));
        return new PrunedRun(network, search, search?.Network ?? OfZoo(config));
    }

    private static bool IsOf(ChannelSearchTransformer search, ChannelConfig config) =>
        search.ChannelConfig.Network == config.Network
        && search.ChannelConfig.Groups.Select(g => (g.Name, g.Channels, g.Width))
            .SequenceEqual(config.Groups.Select(g => (g.Name, g.Channels, g.Width)));

    private static NetworkDescription? OfZoo(ChannelConfig config)
    {
        try
        {
            var network = NetworkZoo.Find(config.Network)
                .Describe(config.ImageChannels, config.ImageHeight, config.ImageWidth, config.Classes);
            config.WidthsFor(network);
            return network;
        }
        catch (ArgumentException)
        {
            // A network of the user's own.
            return null;
        }
    }
}
