using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Dmcp.Distributed.Launching;

namespace Microsoft.ML.Dmcp.Distributed.Mpi;

/// <summary>The functions of an MPI library that are needed. Errors in them end the job, as MPI does by default.</summary>
internal sealed unsafe class MpiLibrary
{
    private const int ThreadMultiple = 3, LongestVersion = 8192;

    private static readonly string[] OpenMpi = ["libmpi.so.40", "libmpi.so"];
    private static readonly string[] Mpich = ["libmpich.so.12", "libmpi.so.12", "libmpich.so"];

    private readonly delegate* unmanaged<nint, nint, int, nint, nint, nint, nint*, int> _beginAllReduce;
    private readonly delegate* unmanaged<nint, int, nint, int, nint, nint*, int> _beginBroadcast;
    private readonly delegate* unmanaged<nint, nint*, int> _beginBarrier;
    private readonly delegate* unmanaged<nint*, int*, nint, int> _test;
    private readonly nint _library;

    private MpiLibrary(nint library)
    {
        _library = library;
        Version = ReadVersion();
        Family = MpiHandles.FamilyOf(library, Version);
        Handles = MpiHandles.Of(library, Version);
        _beginAllReduce = (delegate* unmanaged<nint, nint, int, nint, nint, nint, nint*, int>)Function("MPI_Iallreduce");
        _beginBroadcast = (delegate* unmanaged<nint, int, nint, int, nint, nint*, int>)Function("MPI_Ibcast");
        _beginBarrier = (delegate* unmanaged<nint, nint*, int>)Function("MPI_Ibarrier");
        _test = (delegate* unmanaged<nint*, int*, nint, int>)Function("MPI_Test");
    }

    /// <summary>What the library says it is, in one line.</summary>
    public string Version { get; }

    /// <summary>Of which kind it is.</summary>
    public MpiFamily Family { get; }

    /// <summary>Its values for MPI's names.</summary>
    public MpiHandles Handles { get; }

    /// <summary>Whether it reads and writes the memory of GPUs by itself. Known after <see cref="Start"/>.</summary>
    public bool KnowsCuda =>
        NativeLibrary.TryGetExport(_library, "MPIX_Query_cuda_support", out var query) && ((delegate* unmanaged<int>)query)() == 1;

    /// <summary>Loads a library.</summary>
    /// <param name="name">Its name or path; null for the one that suits the starter, else the first that is found.</param>
    /// <param name="family">That of the starter; null where it does not matter.</param>
    /// <exception cref="DllNotFoundException">There is none.</exception>
    public static MpiLibrary Load(string? name, MpiFamily? family)
    {
        string[] names = name is not null ? [name] : family == MpiFamily.Mpich ? [.. Mpich, .. OpenMpi] : [.. OpenMpi, .. Mpich];
        foreach (var candidate in names)
            if (NativeLibrary.TryLoad(candidate, out var library))
                return new MpiLibrary(library);
        throw new DllNotFoundException(
            $"No MPI library can be loaded (tried {string.Join(", ", names)}): install it on every machine " +
            "(Debian and Ubuntu: apt-get install openmpi-bin), or give its path.");
    }

    /// <summary>Starts MPI, for any thread. False where someone else in this process has.</summary>
    /// <exception cref="InvalidOperationException">It has ended already, or was built for one thread.</exception>
    public bool Start()
    {
        if (Flag("MPI_Finalized"))
            throw new InvalidOperationException("MPI has ended in this process, and starts only once: keep one MpiCommunicator.");
        var provided = 0;
        var starts = !Flag("MPI_Initialized");
        if (starts)
            ((delegate* unmanaged<nint, nint, int, int*, int>)Function("MPI_Init_thread"))(0, 0, ThreadMultiple, &provided);
        else
            ((delegate* unmanaged<int*, int>)Function("MPI_Query_thread"))(&provided);
        return provided == ThreadMultiple ? starts
            : throw new InvalidOperationException(
                $"{Version} gives thread level {provided}; needed is MPI_THREAD_MULTIPLE ({ThreadMultiple}): gradients are exchanged " +
                "while others are computed.");
    }

    public int RankIn(nint communicator) => Number("MPI_Comm_rank", communicator);

    public int SizeOf(nint communicator) => Number("MPI_Comm_size", communicator);

    /// <summary>The same ranks, whose messages are no others'.</summary>
    public nint Duplicate(nint communicator)
    {
        nint copy = 0;
        ((delegate* unmanaged<nint, nint*, int>)Function("MPI_Comm_dup"))(communicator, &copy);
        return copy;
    }

    /// <summary>Begins to sum in place; <paramref name="request"/> tells when it is done.</summary>
    public void BeginAllReduce(nint values, int count, nint type, nint communicator, nint* request) =>
        _beginAllReduce(Handles.InPlace, values, count, type, Handles.Sum, communicator, request);

    /// <summary>Begins to send in place.</summary>
    public void BeginBroadcast(nint values, int count, nint type, int root, nint communicator, nint* request) =>
        _beginBroadcast(values, count, type, root, communicator, request);

    /// <summary>Begins to wait for all.</summary>
    public void BeginBarrier(nint communicator, nint* request) => _beginBarrier(communicator, request);

    /// <summary>Whether a request is done.</summary>
    public bool IsDone(nint* request)
    {
        var done = 0;
        _test(request, &done, Handles.IgnoreStatus);
        return done != 0;
    }

    /// <summary>Ends the processes of all ranks.</summary>
    public void Abort() => ((delegate* unmanaged<nint, int, int>)Function("MPI_Abort"))(Handles.World, 1);

    /// <summary>Ends MPI; all ranks do.</summary>
    public void End()
    {
        if (!Flag("MPI_Finalized"))
            ((delegate* unmanaged<int>)Function("MPI_Finalize"))();
    }

    private nint Function(string name) => NativeLibrary.TryGetExport(_library, name, out var function) ? function
        : throw new InvalidOperationException($"The MPI library '{Version}' has no {name}; needed is MPI 3 or later.");

    private bool Flag(string function)
    {
        var flag = 0;
        ((delegate* unmanaged<int*, int>)Function(function))(&flag);
        return flag != 0;
    }

    private int Number(string function, nint communicator)
    {
        var number = 0;
        ((delegate* unmanaged<nint, int*, int>)Function(function))(communicator, &number);
        return number;
    }

    private string ReadVersion()
    {
        if (!NativeLibrary.TryGetExport(_library, "MPI_Get_library_version", out var function))
            throw new InvalidOperationException("The library that was loaded is not MPI 3 or later: it has no MPI_Get_library_version.");
        var text = new byte[LongestVersion];
        var length = 0;
        fixed (byte* start = text)
            ((delegate* unmanaged<byte*, int*, int>)function)(start, &length);
        return Encoding.UTF8.GetString(text, 0, length).TrimEnd('\0').Split('\n', ',')[0].Replace('\t', ' ').Trim();
    }
}
