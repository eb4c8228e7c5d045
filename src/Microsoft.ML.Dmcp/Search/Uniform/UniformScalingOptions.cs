using Microsoft.ML.Dmcp.Search;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// Uniform scaling as a search method: every channel group narrowed by the same factor until the budget is met
/// (<see cref="UniformScaling"/>). Nothing is trained; <see cref="ImageRunOptions.WeightsPath"/> gives the weights of the unpruned network
/// for fine-tuning.
/// </summary>
public sealed class UniformScalingOptions : ImageRunOptions, ISearchOptions
{
    /// <summary>The unpruned network. Default <c>NetworkZoo.CifarResNet(20)</c>.</summary>
    public NetworkArchitecture Network = NetworkZoo.CifarResNet(20);

    /// <summary>What the narrowed network may cost at most. Default half of the unpruned network's FLOPs.</summary>
    public Budget Budget = Budget.FlopsRatio(0.5);

    /// <inheritdoc cref="ChannelSearchOptions.WidthMultiple"/>
    public int WidthMultiple = 1;

    /// <summary>Name of the column of widths. Default "ChannelWidths".</summary>
    public string OutputColumnName = ChannelSearchOptions.DefaultOutputColumnName;

    NetworkArchitecture ISearchOptions.Network => Network;

    Budget ISearchOptions.Budget => Budget;

    int ISearchOptions.WidthMultiple => WidthMultiple;

    string ISearchOptions.OutputColumnName => OutputColumnName;

    string ISearchOptions.MethodName => UniformScaling.MethodName;

    bool ISearchOptions.KeepsWeights => WeightsPath is not null;

    private protected override IEnumerable<(string Option, string? Column)> ColumnNames =>
        [.. base.ColumnNames, (nameof(OutputColumnName), OutputColumnName)];

    internal override void Check()
    {
        base.Check();
        Require(Network is not null, nameof(Network), Network, "an architecture, such as NetworkZoo.CifarResNet(20)");
        Require(Budget is not null, nameof(Budget), Budget, "a budget, such as Budget.FlopsRatio(0.5)");
        Require(WidthMultiple >= 1, nameof(WidthMultiple), WidthMultiple, ChannelSearchOptions.NeededMultiple);
    }

    internal override SortedDictionary<string, string> ToSettings()
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["budget"] = Budget.ToString() };
        if (WidthMultiple > 1)
            settings[AllowedWidths.Setting] = Text($"{WidthMultiple}");
        return settings;
    }
}
