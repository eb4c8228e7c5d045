using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Ranks;

/// <summary>Every call of a communicator with values that are known.</summary>
internal static class Exchange
{
    /// <summary>Exchanges tensors of the processor (<c>cpu</c>) or a GPU (<c>cuda</c>) by the ranks, or by NCCL (<c>nccl</c>).</summary>
    public static void Run(ICommunicator? communicator, string by)
    {
        if (by == "nccl")
        {
            // What libtorch loads is found again.
            using var first = zeros(1, device: CUDA);
            var control = communicator ?? new Alone();
            using var nccl = NcclCommunicator.Start(control, (communicator as MpiCommunicator)?.LocalRank ?? 0);
            Run(nccl, CUDA);
            return;
        }
        Run(communicator ?? throw new InvalidOperationException("Nobody started it beside others."), by == "cuda" ? CUDA : CPU);
    }

    private static void Run(ICommunicator ranks, Device device)
    {
        var (rank, size) = (ranks.Rank, ranks.Size);
        foreach (var type in (ScalarType[])[ScalarType.Float32, ScalarType.Float64, ScalarType.Int64])
        {
            using var scope = NewDisposeScope();
            var values = arange(1000, type, device).mul(rank + 1);
            // A part of a larger tensor.
            ranks.AllReduce(values.narrow(0, 100, 800));
            var expected = arange(1000, type, device).mul(rank + 1);
            expected.narrow(0, 100, 800).copy_(arange(100, 900, type, device).mul(size * (size + 1) / 2));
            Require(values.eq(expected).all().item<bool>(), $"sums of {type}");
            for (var root = 0; root < size; root++)
            {
                values = full(17, rank, type, device);
                ranks.Broadcast(values, root);
                Require(values.eq(full(17, root, type, device)).all().item<bool>(), $"{type} from rank {root}");
            }
        }
        ranks.Barrier();
        // All of them cannot go on: each throws what it wants to.
        ranks.Abort("all fail alike");
        ranks.Barrier();
        if (rank == 0)
            Console.WriteLine($"exchanged {size} {(ranks as MpiCommunicator)?.Library ?? "NCCL"} on {device}");
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
            throw new InvalidOperationException($"Wrong {what}.");
    }
}
