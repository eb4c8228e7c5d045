using TorchSharp;

namespace Microsoft.ML.Dmcp.Tests.Ranks;

/// <summary>One rank: what NCCL needs beside it where there is no MPI.</summary>
internal sealed class Alone : ICommunicator
{
    public int Rank => 0;

    public int Size => 1;

    public void AllReduce(torch.Tensor values)
    {
    }

    public void Broadcast(torch.Tensor values, int root)
    {
    }

    public void Barrier()
    {
    }

    public void Abort(string reason)
    {
    }
}
