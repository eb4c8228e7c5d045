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

    /// <summary>
    /// Shares chunks of work out among the threads that this thread's computations use, and waits for them. Which thread takes which chunk
    /// is left to chance.
    /// </summary>
    /// <param name="chunks">Their number; one is done by this thread alone.</param>
    /// <param name="work">Does a chunk of the job; it must not throw.</param>
    /// <param name="job">What it gets; it stays where it is in memory.</param>
    public static void Run(int chunks, delegate*<void*, int, void> work, void* job)
    {
        if (chunks <= 1)
        {
            work(job, 0);
            return;
        }
        var shared = new Shared { Work = work, Job = job, Chunks = chunks };
        Parallel(&TakeChunks, &shared, 0, 0);
    }

    [UnmanagedCallersOnly]
    private static void TakeChunks(void* data)
    {
        var shared = (Shared*)data;
        int chunk;
        while ((chunk = Interlocked.Increment(ref shared->Next) - 1) < shared->Chunks)
            shared->Work(shared->Job, chunk);
    }

    private static delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> Find() =>
        OperatingSystem.IsLinux() && NativeRuntime.IsTuned
        // Found through the libraries that TorchSharp's own needs, whatever they are called.
        && NativeLibrary.TryLoad("LibTorchSharp", typeof(Tensor).Assembly, null, out var library)
        && NativeLibrary.TryGetExport(library, "GOMP_parallel", out var found)
            ? (delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void>)found
            : null;

    private struct Shared
    {
        public delegate*<void*, int, void> Work;
        public void* Job;
        public int Chunks, Next;
    }
}
