using System.Runtime.InteropServices;
using Microsoft.ML.Dmcp.Distributed.Nccl;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Distributed;

/// <summary>
/// NCCL as far as it goes without a GPU: the functions get their arguments in NCCL's order and sizes, errors are told, and a missing
/// library is named. Functions of this class stand in for NCCL's and CUDA's; the fields hold what they got.
/// </summary>
public sealed unsafe class NcclTests
{
    private static readonly List<string> Calls = [];
    private static int _result;

    public NcclTests()
    {
        Calls.Clear();
        _result = 0;
    }

    [Fact]
    public void A_group_of_ranks_forms_with_the_id_that_rank_0_made_and_leaves()
    {
        var control = new LoneRank(0, 2);
        using (var ranks = new NcclCommunicator(control, new NcclLibrary(Function), new CudaStream(Function, 3)))
            Assert.Equal((0, 2), (ranks.Rank, ranks.Size));
        Assert.Equal(["broadcast 0"], control.Calls);
        Assert.Equal(
            ["device 3", "stream 1", "event 2", "device 3", "id", $"join 2 0 {string.Join(',', Enumerable.Range(0, 128))}", "device 3",
                "leave 77", "event gone", "stream gone"], Calls);
    }

    [Fact]
    public void Sums_and_broadcasts_name_type_count_group_and_stream_in_the_order_of_NCCL()
    {
        var nccl = new NcclLibrary(Function);
        nccl.AllReduce(1000, 5_000_000_000, ScalarType.Float32, 77, 88);
        nccl.Broadcast(2000, 3, ScalarType.Int64, 1, 77, 88);
        Assert.Equal(["sum 1000 1000 5000000000 7 0 77 88", "broadcast 2000 2000 3 4 1 77 88"], Calls);
    }

    [Fact]
    public void A_stream_runs_behind_what_was_computed_and_is_waited_for()
    {
        using var stream = new CudaStream(Function, 1);
        Calls.Clear();
        stream.Run(() => Calls.Add("work"));
        Assert.Equal(["device 1", "record 66 0", "wait 55 66 0", "work", "synchronize 55"], Calls);
    }

    [Fact]
    public void An_error_of_NCCL_is_told_in_its_words()
    {
        _result = 6;
        var message = Assert.Throws<InvalidOperationException>(() => new NcclLibrary(Function).Leave(77)).Message;
        Assert.Equal("ncclCommDestroy failed: remote process exited (NCCL error 6; NCCL_DEBUG=INFO says more).", message);
    }

    [Fact]
    public void What_lies_in_the_memory_of_the_processor_goes_the_way_of_the_communicator_that_started_it()
    {
        var control = new LoneRank(1, 2);
        using var ranks = new NcclCommunicator(control, new NcclLibrary(Function), new CudaStream(Function, 0));
        control.Calls.Clear();
        ranks.AllReduce(ones(3));
        ranks.Broadcast(ones(3), 1);
        ranks.Barrier();
        ranks.Abort("moths");
        Assert.Equal(["sum", "broadcast 1", "barrier", "moths"], control.Calls);
    }

    [Fact]
    public void A_missing_NCCL_is_named()
    {
        var lone = new LoneRank(0, 2);
        var message = Assert.Throws<DllNotFoundException>(() => NcclCommunicator.Start(lone, 0, "libno-such-nccl.so")).Message;
        Assert.Contains("libno-such-nccl.so", message, StringComparison.Ordinal);
        Assert.Contains("libnccl2", message, StringComparison.Ordinal);
    }

    private static nint Function(string name) => name switch
    {
        "ncclGetUniqueId" => (nint)(delegate* unmanaged<UniqueId*, int>)&GetId,
        "ncclCommInitRank" => (nint)(delegate* unmanaged<nint*, int, UniqueId, int, int>)&Join,
        "ncclAllReduce" => (nint)(delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)&Sum,
        "ncclBroadcast" => (nint)(delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)&Broadcast,
        "ncclCommDestroy" => (nint)(delegate* unmanaged<nint, int>)&Leave,
        "ncclGetErrorString" => (nint)(delegate* unmanaged<int, nint>)&Text,
        "cudaSetDevice" => (nint)(delegate* unmanaged<int, int>)&SetDevice,
        "cudaStreamCreateWithFlags" => (nint)(delegate* unmanaged<nint*, uint, int>)&NewStream,
        "cudaEventCreateWithFlags" => (nint)(delegate* unmanaged<nint*, uint, int>)&NewEvent,
        "cudaEventRecord" => (nint)(delegate* unmanaged<nint, nint, int>)&Record,
        "cudaStreamWaitEvent" => (nint)(delegate* unmanaged<nint, nint, uint, int>)&WaitFor,
        "cudaStreamSynchronize" => (nint)(delegate* unmanaged<nint, int>)&Synchronize,
        "cudaStreamDestroy" => (nint)(delegate* unmanaged<nint, int>)&EndStream,
        "cudaEventDestroy" => (nint)(delegate* unmanaged<nint, int>)&EndEvent,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such function."),
    };

    [UnmanagedCallersOnly]
    private static int GetId(UniqueId* id)
    {
        Calls.Add("id");
        for (var i = 0; i < UniqueId.Length; i++)
            (*id)[i] = (byte)i;
        return _result;
    }

    [UnmanagedCallersOnly]
    private static int Join(nint* group, int size, UniqueId id, int rank)
    {
        Calls.Add($"join {size} {rank} {string.Join(',', ((ReadOnlySpan<byte>)id).ToArray())}");
        *group = 77;
        return _result;
    }

    [UnmanagedCallersOnly]
    private static int Sum(nint send, nint receive, nuint count, int type, int operation, nint group, nint stream) =>
        Noted($"sum {send} {receive} {count} {type} {operation} {group} {stream}");

    [UnmanagedCallersOnly]
    private static int Broadcast(nint send, nint receive, nuint count, int type, int root, nint group, nint stream) =>
        Noted($"broadcast {send} {receive} {count} {type} {root} {group} {stream}");

    [UnmanagedCallersOnly]
    private static int Leave(nint group) => Noted($"leave {group}");

    [UnmanagedCallersOnly]
    private static nint Text(int result) => Marshal.StringToCoTaskMemUTF8(result == 6 ? "remote process exited" : "unknown");

    [UnmanagedCallersOnly]
    private static int SetDevice(int device) => Noted($"device {device}");

    [UnmanagedCallersOnly]
    private static int NewStream(nint* stream, uint flags)
    {
        *stream = 55;
        return Noted($"stream {flags}");
    }

    [UnmanagedCallersOnly]
    private static int NewEvent(nint* happening, uint flags)
    {
        *happening = 66;
        return Noted($"event {flags}");
    }

    [UnmanagedCallersOnly]
    private static int Record(nint happening, nint stream) => Noted($"record {happening} {stream}");

    [UnmanagedCallersOnly]
    private static int WaitFor(nint stream, nint happening, uint flags) => Noted($"wait {stream} {happening} {flags}");

    [UnmanagedCallersOnly]
    private static int Synchronize(nint stream) => Noted($"synchronize {stream}");

    [UnmanagedCallersOnly]
    private static int EndStream(nint stream) => Noted("stream gone");

    [UnmanagedCallersOnly]
    private static int EndEvent(nint happening) => Noted("event gone");

    private static int Noted(string call)
    {
        Calls.Add(call);
        return _result;
    }
}
