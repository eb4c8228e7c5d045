using TorchSharp;

namespace Microsoft.ML.Dmcp.Tests.Ranks;

/// <summary>A communicator to which something happens on one rank.</summary>
/// <param name="inner">The communicator.</param>
/// <param name="sums">At which sum.</param>
/// <param name="happen">What.</param>
internal sealed class FaultyCommunicator(ICommunicator inner, int sums, Action happen) : ICommunicator
{
    private int _sums;

    public int Rank => inner.Rank;

    public int Size => inner.Size;

    public void AllReduce(torch.Tensor values)
    {
        if (Interlocked.Increment(ref _sums) == sums)
            happen();
        inner.AllReduce(values);
    }

    public void Broadcast(torch.Tensor values, int root) => inner.Broadcast(values, root);

    public void Barrier() => inner.Barrier();

    public void Abort(string reason) => inner.Abort(reason);
}
