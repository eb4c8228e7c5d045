using Microsoft.ML.Dmcp.Search;

namespace Microsoft.ML.Dmcp;

/// <summary>What the options of all search methods that train have in common.</summary>
public abstract class ChannelSearchOptions : TrainingOptions, ISearchOptions
{
    internal const string DefaultOutputColumnName = "ChannelWidths", NeededMultiple = "1 or more, such as 8 or 16";

    /// <summary>The unpruned network. Default <c>NetworkZoo.CifarResNet(20)</c>.</summary>
    public NetworkArchitecture Network = NetworkZoo.CifarResNet(20);

    /// <summary>What the pruned network may cost at most. Default half of the unpruned network's FLOPs.</summary>
    public Budget Budget = Budget.FlopsRatio(0.5);

    /// <summary>
    /// What all widths of the result are multiples of: 8 or 16 is what kernels compute fastest with, in ONNX Runtime and on GPUs. A group
    /// with fewer channels keeps all of them. The budget holds; the larger the steps, the more of it they may leave unused in a small
    /// network. Default 1.
    /// </summary>
    public int WidthMultiple = 1;

    /// <summary>Name of the column of widths. Default "ChannelWidths".</summary>
    public string OutputColumnName = DefaultOutputColumnName;

    NetworkArchitecture ISearchOptions.Network => Network;

    Budget ISearchOptions.Budget => Budget;

    int ISearchOptions.WidthMultiple => WidthMultiple;

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
        Require(WidthMultiple >= 1, nameof(WidthMultiple), WidthMultiple, NeededMultiple);
    }

    internal override SortedDictionary<string, string> ToSettings()
    {
        var settings = base.ToSettings();
        settings[Training.Checkpoints.CheckpointIdentity.BudgetSetting] = Budget.ToString();
        // The first channel configs and checkpoints do not name it.
        if (WidthMultiple > 1)
            settings[AllowedWidths.Setting] = Text($"{WidthMultiple}");
        return settings;
    }
}
