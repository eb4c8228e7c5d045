using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>A network in libtorch, on the processor. Made, run and disposed of on one thread.</summary>
internal sealed class LibTorchProbe : ILatencyProbe
{
    private readonly RunThreads _threads;
    private readonly SlimmableNetwork _network;
    private readonly Tensor _images;

    public LibTorchProbe(NetworkDescription network, int batchSize, int threads)
    {
        _threads = new RunThreads(threads);
        _network = new SlimmableNetwork(network, CPU, new RandomSource(1));
        using var scope = NewDisposeScope();
        var input = network.Input;
        _images = ones([batchSize, input.Height, input.Width, input.Channels]).permute(0, 3, 1, 2).DetachFromDisposeScope();
    }

    public void Run()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        _network.Run(_images, new NetworkPass(NormStatistics.Running));
    }

    public void Dispose()
    {
        _images.Dispose();
        _network.Dispose();
        _threads.Dispose();
    }
}
