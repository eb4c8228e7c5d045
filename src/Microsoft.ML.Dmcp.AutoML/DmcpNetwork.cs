namespace Microsoft.ML.Dmcp;

/// <summary>A network of an experiment: an architecture, and the weights that it begins with where it is pre-trained.</summary>
/// <param name="Architecture">The unpruned network.</param>
/// <param name="WeightsPath">
/// File of pre-trained weights, as <c>OnnxNetwork.SaveWeights</c> and <c>PyTorchNetwork.SaveWeights</c> of Microsoft.ML.Dmcp.Interop write
/// it. Null (default) for fresh weights. Pre-trained networks are fine-tuned whole first, and pruned ones learn from that network.
/// </param>
public sealed record DmcpNetwork(NetworkArchitecture Architecture, string? WeightsPath = null)
{
    /// <summary>Name of the architecture; no two networks of an experiment share one.</summary>
    public string Name => Architecture.Name;

    /// <summary>An architecture with fresh weights.</summary>
    /// <param name="architecture">The unpruned network.</param>
    public static implicit operator DmcpNetwork(NetworkArchitecture architecture) => new(architecture);
}
