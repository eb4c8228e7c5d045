using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Dmcp;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp;

/// <summary>Searches how many channels every layer of a network needs within a budget (DMCP, Guo et al., CVPR 2020).</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and Output Columns
/// | Column | Type | Description |
/// | -- | -- | -- |
/// | `Features` (in) | image, or vector of `Single` or `Byte` | images of one size |
/// | `Label` (in) | key | class |
/// | `ChannelWidths` (out) | vector of `Single` | width of every channel group, the same in every row |
///
/// ### Estimator Characteristics
/// | | |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | Yes |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Dmcp |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class DmcpSearchEstimator : ChannelSearchEstimatorBase<DmcpSearchTransformer>
{
    internal DmcpSearchEstimator(IHostEnvironment env, DmcpSearchOptions options)
        : base(env, nameof(DmcpSearchEstimator), options)
    {
    }

    private protected override DmcpSearchTransformer Wrap(IHostEnvironment env, SearchedNetwork searched, FoundChannels found) =>
        new(env, searched, ((FoundMarkovProcess)found).Chain);
}
