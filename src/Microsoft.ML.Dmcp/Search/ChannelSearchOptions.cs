using Microsoft.ML.Dmcp.Search;

namespace Microsoft.ML.Dmcp;

/// <summary>What the options of all search methods that train have in common.</summary>
public abstract class ChannelSearchOptions : TrainingOptions, ISearchOptions
{
    internal const string DefaultOutputColumnName = "ChannelWidths";

    /// <summary>The unpruned network. Default <c>NetworkZoo.CifarResNet(20)</c>.</summary>
    public NetworkArchitecture Network = NetworkZoo.CifarResNet(20);

    /// <summary>What the pruned network may cost at most. Default half of the unpruned network's FLOPs.</summary>
    public Budget Budget = Budget.FlopsRatio(0.5);

    /// <summary>Name of the column of widths. Default "ChannelWidths".</summary>
    public string OutputColumnName = DefaultOutputColumnName;

    NetworkArchitecture ISearchOptions.Network => Network;

    Budget ISearchOptions.Budget => Budget;

    string ISearchOptions.OutputColumnName => OutputColumnName;

    string ISearchOptions.MethodName => MethodName;

    bool ISearchOptions.KeepsWeights => KeepsWeights;

    internal abstract string MethodName { get; }

    internal virtual bool KeepsWeights => CheckpointPath is not null;

    private protected override IEnumerable<(string Option, string? Column)> ColumnNames =>
        [.. base.ColumnNames, (nameof(OutputColumnName), OutputColumnName)];

    internal override void Check()
    {
        base.Check();
        Require(Network is not null, nameof(Network), Network, "an architecture, such as NetworkZoo.CifarResNet(20)");
        Require(Budget is not null, nameof(Budget), Budget, "a budget, such as Budget.FlopsRatio(0.5)");
    }

    internal override SortedDictionary<string, string> ToSettings()
    {
        var settings = base.ToSettings();
        settings[Training.Checkpoints.CheckpointIdentity.BudgetSetting] = Budget.ToString();
        return settings;
    }
}
