using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Uniform;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// Uniform scaling as a search method: every channel group narrowed by the same factor until the budget is met (<see cref="UniformScaling"/>).
/// Nothing is trained; <see cref="TrainingOptions.WeightsPath"/> hands given weights of the unpruned network on to fine-tuning.
/// </summary>
public sealed class UniformScalingOptions : ChannelSearchOptions
{
    internal override string MethodName => UniformScaling.MethodName;

    internal override bool KeepsWeights => WeightsPath is not null;

    internal override ChannelSearch Create(SearchTask task) => new UniformSearch(task, this);

    internal override SortedDictionary<string, string> ToSettings() => new(StringComparer.Ordinal) { ["budget"] = Budget.ToString() };
}
