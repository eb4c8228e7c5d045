using TorchSharp;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// The processes (ranks) that work on one run together, and how they exchange numbers: the package Microsoft.ML.Dmcp.Distributed has it
/// over MPI and NCCL. Every rank makes the same calls in the same order, from any of its threads but one at a time;
/// <see cref="Abort"/> may come at any time.
/// </summary>
public interface ICommunicator
{
    /// <summary>Number of this process, from 0 to <see cref="Size"/> − 1. Rank 0 logs and writes files.</summary>
    int Rank { get; }

    /// <summary>Number of processes.</summary>
    int Size { get; }

    /// <summary>Replaces a tensor by the sum over all ranks, in place. Returns when the sum is there.</summary>
    /// <param name="values">Contiguous, of 32 or 64 bit floats or of 64 bit integers; as long as that of every other rank.</param>
    void AllReduce(torch.Tensor values);

    /// <summary>Replaces a tensor by that of one rank, in place.</summary>
    /// <param name="values">As for <see cref="AllReduce"/>.</param>
    /// <param name="root">The rank whose values all get.</param>
    void Broadcast(torch.Tensor values, int root);

    /// <summary>Returns when all ranks have called it.</summary>
    void Barrier();

    /// <summary>
    /// Called by a rank that cannot go on. Ends the processes of all ranks, unless all of them call it within seconds: then it returns in
    /// each, and each throws an exception of its own.
    /// </summary>
    /// <param name="reason">Why, for whoever reads the output of the job.</param>
    void Abort(string reason);
}
