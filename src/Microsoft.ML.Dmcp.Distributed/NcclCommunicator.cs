using System.Runtime.InteropServices;
using Microsoft.ML.Dmcp.Distributed.Mpi;
using Microsoft.ML.Dmcp.Distributed.Nccl;
using TorchSharp;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// Ranks that exchange tensors of their GPUs by NVIDIA's NCCL (or AMD's RCCL), one GPU a rank. Another communicator starts it, hands NCCL's
/// id round, and exchanges what lies in the memory of the processor.
/// </summary>
/// <remarks>Compiled and tested against functions of NCCL's shape; it has not run on a GPU yet.</remarks>
/// <example><code>
/// using var mpi = MpiCommunicator.Start();
/// using var ranks = NcclCommunicator.Start(mpi, mpi.LocalRank ?? 0);
/// var ml = new MLContext { GpuDeviceId = mpi.LocalRank ?? 0 };
/// var search = new DmcpSearchOptions { Communicator = ranks };
/// </code></example>
public sealed class NcclCommunicator : ICommunicator, IDisposable
{
    private readonly ICommunicator _control;
    private readonly NcclLibrary _nccl;
    private readonly CudaStream _stream;
    private readonly nint _group;

    internal NcclCommunicator(ICommunicator control, NcclLibrary nccl, CudaStream stream)
    {
        (_control, _nccl, _stream) = (control, nccl, stream);
        stream.Enter();
        _group = nccl.Join(control.Size, IdOfFirst(control, nccl), control.Rank);
    }

    /// <inheritdoc/>
    public int Rank => _control.Rank;

    /// <inheritdoc/>
    public int Size => _control.Size;

    /// <summary>Joins the other ranks with a GPU. All ranks call it.</summary>
    /// <param name="control">What the ranks were started with; stays the caller's.</param>
    /// <param name="device">Number of this rank's GPU, no other rank's.</param>
    /// <param name="library">Name or path of NCCL; null (default) for the system's.</param>
    /// <exception cref="DllNotFoundException">NCCL or CUDA's runtime is missing.</exception>
    /// <exception cref="InvalidOperationException">NCCL or CUDA report an error.</exception>
    public static NcclCommunicator Start(ICommunicator control, int device, string? library = null)
    {
        ArgumentNullException.ThrowIfNull(control);
        ArgumentOutOfRangeException.ThrowIfNegative(device);
        return new NcclCommunicator(control, NcclLibrary.Load(library), CudaStream.On(device));
    }

    /// <inheritdoc/>
    public void AllReduce(torch.Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.device_type != DeviceType.CUDA)
        {
            _control.AllReduce(values);
            return;
        }
        var address = TensorMemory.AddressOf(values);
        _stream.Run(() => _nccl.AllReduce(address, values.numel(), values.dtype, _group, _stream.Handle));
    }

    /// <inheritdoc/>
    public void Broadcast(torch.Tensor values, int root)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.device_type != DeviceType.CUDA)
        {
            _control.Broadcast(values, root);
            return;
        }
        var address = TensorMemory.AddressOf(values);
        _stream.Run(() => _nccl.Broadcast(address, values.numel(), values.dtype, root, _group, _stream.Handle));
    }

    /// <inheritdoc/>
    public void Barrier() => _control.Barrier();

    /// <inheritdoc/>
    public void Abort(string reason) => _control.Abort(reason);

    /// <summary>Leaves the other ranks; the communicator that started this one stays.</summary>
    public void Dispose()
    {
        _stream.Enter();
        _nccl.Leave(_group);
        _stream.Dispose();
    }

    /// <summary>The id that rank 0 makes.</summary>
    private static UniqueId IdOfFirst(ICommunicator control, NcclLibrary nccl)
    {
        using var scope = torch.NewDisposeScope();
        var words = torch.zeros(UniqueId.Length / sizeof(long), torch.ScalarType.Int64);
        if (control.Rank == 0)
        {
            var made = nccl.NewId();
            MemoryMarshal.AsBytes(new ReadOnlySpan<UniqueId>(in made)).CopyTo(words.bytes);
        }
        control.Broadcast(words, 0);
        return MemoryMarshal.Read<UniqueId>(words.bytes);
    }
}
