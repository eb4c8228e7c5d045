using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp;

/// <summary>Searches how many channels every layer of a network needs within a budget, by the method of its options.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and Output Columns
/// | Column | Type | Description |
/// | -- | -- | -- |
/// | `Features` (in) | image, or vector of `Single` or `Byte` | images of one size |
/// | `Label` (in) | key | class |
/// | `ChannelWidths` (out) | vector of `Single` | width of every channel group, the same in every row |
/// ]]></format>
/// </remarks>
public sealed class ChannelSearchEstimator : ChannelSearchEstimatorBase<ChannelSearchTransformer>
{
    internal ChannelSearchEstimator(IHostEnvironment env, ImageRunOptions options)
        : base(env, nameof(ChannelSearchEstimator), options)
    {
    }

    private protected override ChannelSearchTransformer Wrap(IHostEnvironment env, SearchedNetwork searched, FoundChannels found) =>
        new(env, searched);
}
