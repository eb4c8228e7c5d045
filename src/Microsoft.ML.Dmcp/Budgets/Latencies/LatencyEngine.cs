using Microsoft.ML.Dmcp.Budgets.Latencies;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// What computes the networks whose times are measured: libtorch, as this library predicts, or (package Microsoft.ML.Dmcp.Interop) ONNX
/// Runtime.
/// </summary>
public abstract class LatencyEngine
{
    private protected LatencyEngine()
    {
    }

    /// <summary>libtorch on the processor, as a model of this library predicts.</summary>
    public static LatencyEngine LibTorch { get; } = new LibTorchEngine();

    /// <summary>Its name and version.</summary>
    public abstract string Name { get; }

    /// <summary>Makes a network of drawn weights ready to run.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batchSize">Images of one run.</param>
    /// <param name="threads">Threads of one run.</param>
    /// <exception cref="InvalidOperationException">The engine cannot be loaded.</exception>
    internal abstract ILatencyProbe Open(NetworkDescription network, int batchSize, int threads);
}
