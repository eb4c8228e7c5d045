using Microsoft.ML;
using Microsoft.ML.Dmcp;

namespace Dmcp.Quickstart;

/// <summary>A network that was trained once.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Config">Its widths and what it costs.</param>
/// <param name="Model">It, and what prepares its images.</param>
/// <param name="Accuracy">Share of the held-out images classified correctly.</param>
internal sealed record TrainedNetwork(string Name, ChannelConfig Config, ITransformer Model, double Accuracy) : IDisposable
{
    /// <summary>The network itself, without what prepares its images.</summary>
    public PrunedNetworkTransformer Network => ((IEnumerable<ITransformer>)Model).OfType<PrunedNetworkTransformer>().Single();

    public void Dispose() => ((IDisposable)Model).Dispose();
}
