using Microsoft.ML.Dmcp.Runs.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>Runs networks as predictions do.</summary>
internal sealed class LibTorchEngine : LatencyEngine
{
    public override string Name => $"libtorch {__version__}";

    internal override ILatencyProbe Open(NetworkDescription network, int batchSize, int threads)
    {
        NativeRuntime.Load();
        return new LibTorchProbe(network, batchSize, threads);
    }
}
