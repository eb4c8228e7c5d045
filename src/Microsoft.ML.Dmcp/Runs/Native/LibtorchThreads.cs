using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Runs.Native;

/// <summary>
/// The threads that libtorch itself computes with, for kernels of ours: threads of .NET would fight them for the processors, since they
/// look for work for a while before they sleep. Found by libgomp's function behind <c>#pragma omp parallel</c>, on Linux.
/// </summary>
internal static unsafe class LibtorchThreads
{
    // void GOMP_parallel(void (*work)(void*), void* data, unsigned threads, unsigned flags)
    private static readonly delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> Parallel = Find();

    /// <summary>Whether they were found, and the library may make use of what it finds (<see cref="NativeRuntime.Switch"/>).</summary>
    public static bool AreFound => Parallel != null;

    /// <summary>Runs the same on all threads that this thread's computations use, and waits for them.</summary>
    /// <param name="work">What to run; it must not throw.</param>
    /// <param name="data">What it gets.</param>
    public static void Run(delegate* unmanaged<void*, void> work, void* data) => Parallel(work, data, 0, 0);

    private static delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> Find() =>
        OperatingSystem.IsLinux() && NativeRuntime.IsTuned
        // Found through the libraries that TorchSharp's own needs, whatever they are called.
        && NativeLibrary.TryLoad("LibTorchSharp", typeof(Tensor).Assembly, null, out var library)
        && NativeLibrary.TryGetExport(library, "GOMP_parallel", out var found)
            ? (delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void>)found
            : null;
}
