using Microsoft.ML.Dmcp.Search;

namespace Microsoft.ML.Dmcp;

/// <summary>What the options of all search methods have in common.</summary>
public abstract class ChannelSearchOptions : TrainingOptions
{
    internal const string DefaultOutputColumnName = "ChannelWidths";

    /// <summary>The unpruned network.</summary>
    public NetworkArchitecture Network = NetworkZoo.CifarResNet(20);

    /// <summary>What the pruned network may cost at most.</summary>
    public Budget Budget = Budget.FlopsRatio(0.5);

    /// <summary>Name of the column of widths.</summary>
    public string OutputColumnName = DefaultOutputColumnName;

    /// <summary>Name of the column of classes, a key.</summary>
    public string LabelColumnName = "Label";

    /// <summary>Name of the column of images.</summary>
    public string FeatureColumnName = "Features";

    /// <summary>Name of the method in channel configs and checkpoints.</summary>
    internal abstract string MethodName { get; }

    /// <summary>The search of these options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No width meets the budget.</exception>
    internal abstract ChannelSearch Create(SearchTask task);

    /// <summary>Whether the search leaves the weights in a file that its result is of.</summary>
    internal virtual bool KeepsWeights => CheckpointPath is not null;

    internal override void Check()
    {
        base.Check();
        Require(Network is not null, nameof(Network), Network, "an architecture, such as NetworkZoo.CifarResNet(20)");
        Require(Budget is not null, nameof(Budget), Budget, "a budget, such as Budget.FlopsRatio(0.5)");
        RequireNames((nameof(OutputColumnName), OutputColumnName), (nameof(LabelColumnName), LabelColumnName), (nameof(FeatureColumnName), FeatureColumnName));
    }

    internal override SortedDictionary<string, string> ToSettings()
    {
        var settings = base.ToSettings();
        settings["budget"] = Budget.ToString();
        return settings;
    }
}
