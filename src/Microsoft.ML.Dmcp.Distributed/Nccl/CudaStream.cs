using System.Runtime.InteropServices;

namespace Microsoft.ML.Dmcp.Distributed.Nccl;

/// <summary>
/// A stream of a GPU beside the one that libtorch computes on (CUDA's default stream): what runs on it waits for what was computed before,
/// and nobody waits for it but its caller.
/// </summary>
internal sealed unsafe class CudaStream : IDisposable
{
    private const uint NonBlocking = 1, WithoutTiming = 2;
    private const nint DefaultStream = 0;

    private static readonly string[] Names = ["libcudart.so.12", "libcudart.so.13", "libcudart.so"];

    private readonly delegate* unmanaged<int, int> _setDevice;
    private readonly delegate* unmanaged<nint, nint, int> _record;
    private readonly delegate* unmanaged<nint, nint, uint, int> _waitFor;
    private readonly delegate* unmanaged<nint, int> _synchronize;
    private readonly delegate* unmanaged<nint, int> _destroyStream;
    private readonly delegate* unmanaged<nint, int> _destroyEvent;
    private readonly int _device;
    private readonly nint _computed;

    /// <param name="export">Gives the address of a function of CUDA's runtime.</param>
    /// <param name="device">The GPU.</param>
    public CudaStream(Func<string, nint> export, int device)
    {
        _device = device;
        _setDevice = (delegate* unmanaged<int, int>)export("cudaSetDevice");
        _record = (delegate* unmanaged<nint, nint, int>)export("cudaEventRecord");
        _waitFor = (delegate* unmanaged<nint, nint, uint, int>)export("cudaStreamWaitEvent");
        _synchronize = (delegate* unmanaged<nint, int>)export("cudaStreamSynchronize");
        _destroyStream = (delegate* unmanaged<nint, int>)export("cudaStreamDestroy");
        _destroyEvent = (delegate* unmanaged<nint, int>)export("cudaEventDestroy");
        Enter();
        nint stream = 0, computed = 0;
        Create("cudaStreamCreateWithFlags", &stream, NonBlocking);
        Create("cudaEventCreateWithFlags", &computed, WithoutTiming);
        (Handle, _computed) = (stream, computed);

        void Create(string function, nint* made, uint flags) =>
            Check(((delegate* unmanaged<nint*, uint, int>)export(function))(made, flags), function);
    }

    /// <summary>The cudaStream_t.</summary>
    public nint Handle { get; }

    /// <summary>A stream on a GPU.</summary>
    /// <exception cref="DllNotFoundException">There is no CUDA runtime.</exception>
    public static CudaStream On(int device)
    {
        // That of libtorch's package lies beside the application.
        foreach (var candidate in Names.SelectMany(name => (string[])[name, Path.Combine(AppContext.BaseDirectory, name)]))
            if (NativeLibrary.TryLoad(candidate, out var library))
                return new CudaStream(function => NativeLibrary.GetExport(library, function), device);
        throw new DllNotFoundException(
            $"CUDA's runtime cannot be loaded (tried {string.Join(", ", Names)}): TorchSharp-cuda-linux brings it.");
    }

    /// <summary>Makes the GPU that of the calling thread.</summary>
    public void Enter() => Check(_setDevice(_device), "cudaSetDevice");

    /// <summary>Runs something on the stream, behind all that libtorch was given so far, and waits for it.</summary>
    public void Run(Action onStream)
    {
        Enter();
        Check(_record(_computed, DefaultStream), "cudaEventRecord");
        Check(_waitFor(Handle, _computed, 0), "cudaStreamWaitEvent");
        onStream();
        Check(_synchronize(Handle), "cudaStreamSynchronize");
    }

    public void Dispose()
    {
        _ = _destroyEvent(_computed);
        _ = _destroyStream(Handle);
    }

    private static void Check(int result, string function)
    {
        if (result != 0)
            throw new InvalidOperationException($"{function} failed with CUDA error {result}.");
    }
}
