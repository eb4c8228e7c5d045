using TorchSharp;

namespace Microsoft.ML.Dmcp.Tests.Distributed;

/// <summary>A communicator that notes what it is asked for; its sums double every value, as a twin's would.</summary>
internal sealed class LoneRank(int rank, int size) : ICommunicator
{
    public List<string> Calls { get; } = [];

    public int Rank => rank;

    public int Size => size;

    public void AllReduce(torch.Tensor values)
    {
        Calls.Add("sum");
        using var noGradient = torch.no_grad();
        values.mul_(size);
    }

    public void Broadcast(torch.Tensor values, int root) => Calls.Add($"broadcast {root}");

    public void Barrier() => Calls.Add("barrier");

    public void Abort(string reason) => Calls.Add(reason);
}
