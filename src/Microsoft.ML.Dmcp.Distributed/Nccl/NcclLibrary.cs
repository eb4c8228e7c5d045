using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Distributed.Nccl;

/// <summary>The functions of NCCL (or of RCCL, which has the same) that are needed.</summary>
/// <param name="export">Gives the address of a function.</param>
internal sealed unsafe class NcclLibrary(Func<string, nint> export)
{
    private const int SumOperation = 0;

    private static readonly string[] Names = ["libnccl.so.2", "libnccl.so", "librccl.so.1"];

    private readonly delegate* unmanaged<UniqueId*, int> _getId = (delegate* unmanaged<UniqueId*, int>)export("ncclGetUniqueId");
    private readonly delegate* unmanaged<nint*, int, UniqueId, int, int> _join =
        (delegate* unmanaged<nint*, int, UniqueId, int, int>)export("ncclCommInitRank");
    private readonly delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int> _allReduce =
        (delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)export("ncclAllReduce");
    private readonly delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int> _broadcast =
        (delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)export("ncclBroadcast");
    private readonly delegate* unmanaged<nint, int> _leave = (delegate* unmanaged<nint, int>)export("ncclCommDestroy");
    private readonly delegate* unmanaged<int, nint> _text = (delegate* unmanaged<int, nint>)export("ncclGetErrorString");

    /// <summary>Loads NCCL.</summary>
    /// <exception cref="DllNotFoundException">It is not there.</exception>
    public static NcclLibrary Load(string? name)
    {
        foreach (var candidate in name is null ? Names : [name])
            if (NativeLibrary.TryLoad(candidate, out var library))
                return new NcclLibrary(function => NativeLibrary.GetExport(library, function));
        throw new DllNotFoundException(
            $"NCCL cannot be loaded (tried {string.Join(", ", name is null ? Names : [name])}): install libnccl2, or give its path. " +
            "MpiCommunicator does without it.");
    }

    /// <summary>The id of a group that is about to be formed; rank 0 makes it.</summary>
    public UniqueId NewId()
    {
        UniqueId id = default;
        Check(_getId(&id), "ncclGetUniqueId");
        return id;
    }

    /// <summary>Joins a group, on the current GPU.</summary>
    public nint Join(int size, UniqueId id, int rank)
    {
        nint communicator = 0;
        Check(_join(&communicator, size, id, rank), "ncclCommInitRank");
        return communicator;
    }

    /// <summary>Sums in place, on a stream.</summary>
    public void AllReduce(nint values, long count, ScalarType type, nint communicator, nint stream) =>
        Check(_allReduce(values, values, (nuint)count, TypeOf(type), SumOperation, communicator, stream), "ncclAllReduce");

    /// <summary>Sends in place, on a stream.</summary>
    public void Broadcast(nint values, long count, ScalarType type, int root, nint communicator, nint stream) =>
        Check(_broadcast(values, values, (nuint)count, TypeOf(type), root, communicator, stream), "ncclBroadcast");

    public void Leave(nint communicator) => Check(_leave(communicator), "ncclCommDestroy");

    private static int TypeOf(ScalarType type) => type switch
    {
        ScalarType.Int64 => 4,
        ScalarType.Float32 => 7,
        ScalarType.Float64 => 8,
        _ => throw new ArgumentException($"Tensors of {type} are not exchanged; needed is Float32, Float64 or Int64."),
    };

    private void Check(int result, string function)
    {
        if (result != 0)
            throw new InvalidOperationException(
                $"{function} failed: {Marshal.PtrToStringUTF8(_text(result))} (NCCL error {result}; NCCL_DEBUG=INFO says more).");
    }
}
