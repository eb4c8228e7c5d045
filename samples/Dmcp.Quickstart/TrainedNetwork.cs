using Dmcp.Samples.Shared;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Dmcp;

namespace Dmcp.Quickstart;

/// <summary>A network of the final table.</summary>
/// <param name="Name">What it is called there.</param>
/// <param name="Config">Its widths and what it costs.</param>
/// <param name="Model">The model of the first seed.</param>
/// <param name="File">Where that is saved.</param>
/// <param name="Accuracies">Share of the held-out images classified correctly, one a seed.</param>
internal sealed record TrainedNetwork(
    string Name, ChannelConfig Config, TransformerChain<ITransformer> Model, string File, Sample Accuracies)
{
    /// <summary>The network itself, without what prepares its images.</summary>
    public PrunedNetworkTransformer Network => ((IEnumerable<ITransformer>)Model).OfType<PrunedNetworkTransformer>().Single();
}
