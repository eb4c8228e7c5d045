using System.Diagnostics;
using Microsoft.ML.Dmcp.Distributed.Launching;
using Microsoft.ML.Dmcp.Distributed.Mpi;
using TorchSharp;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// Ranks that MPI connects: Open MPI, MPICH, or what has MPICH's binary interface (Intel MPI, MVAPICH). Start the program with
/// <c>mpirun -np N</c>, <c>srun</c> or as an MPIJob of Kubernetes, and give this to <see cref="TrainingOptions.Communicator"/>.
/// </summary>
/// <example><code>
/// using var ranks = MpiCommunicator.StartIfLaunched();     // null when started alone: one process
/// var search = new DmcpSearchOptions { Communicator = ranks };
/// </code></example>
public sealed unsafe class MpiCommunicator : ICommunicator, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Brief = TimeSpan.FromMilliseconds(20);

    private readonly MpiLibrary _mpi;
    private readonly bool _isOurs;
    private readonly bool _knowsCuda;
    private readonly nint _messages;
    private readonly nint _ends;
    private bool _disposed;

    private MpiCommunicator(MpiLibrary mpi, Launch? launch)
    {
        _mpi = mpi;
        launch?.RequireVisible(mpi.Family, mpi.Version);
        _isOurs = mpi.Start();
        (Rank, Size) = (mpi.RankIn(mpi.Handles.World), mpi.SizeOf(mpi.Handles.World));
        launch?.Require(Rank, Size, mpi.Version);
        LocalRank = launch?.LocalRank ?? (Size == 1 ? 0 : null);
        _messages = mpi.Duplicate(mpi.Handles.World);
        _ends = mpi.Duplicate(mpi.Handles.World);
        _knowsCuda = mpi.KnowsCuda;
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>
    /// Number of this process among those of its machine, as its starter says it: which GPU to take. Null where nobody says.
    /// </summary>
    public int? LocalRank { get; }

    /// <summary>The MPI library, such as <c>Open MPI v4.1.4</c>.</summary>
    public string Library => _mpi.Version;

    /// <summary>
    /// How long a rank waits for the others before it ends all of them: one may have stopped for good on a machine that nobody watches.
    /// Default 30 minutes.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Joins the other ranks. Once in a process: MPI does not start again.</summary>
    /// <param name="library">Name or path of the MPI library; null (default) for that of the starter, else the first that is found.</param>
    /// <exception cref="DllNotFoundException">There is no MPI library.</exception>
    /// <exception cref="InvalidOperationException">
    /// The starter and MPI do not agree on the processes; the message says how to start them.
    /// </exception>
    public static MpiCommunicator Start(string? library = null)
    {
        var launch = Launch.Of(Environment.GetEnvironmentVariable);
        return new MpiCommunicator(MpiLibrary.Load(library, launch?.Mpi), launch);
    }

    /// <summary>Joins the other ranks where a starter started some; null where this process was started by itself.</summary>
    /// <inheritdoc cref="Start"/>
    public static MpiCommunicator? StartIfLaunched(string? library = null) =>
        Launch.Of(Environment.GetEnvironmentVariable) is { } launch && (launch.Mpi is not null || launch.Size > 1) ? Start(library) : null;

    /// <inheritdoc/>
    public void AllReduce(torch.Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        OnMemory(values, (address, count, type) =>
        {
            nint request = 0;
            _mpi.BeginAllReduce(address, count, type, _messages, &request);
            Wait(&request, "a sum");
        });
    }

    /// <inheritdoc/>
    public void Broadcast(torch.Tensor values, int root)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegative(root);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(root, Size);
        OnMemory(values, (address, count, type) =>
        {
            nint request = 0;
            _mpi.BeginBroadcast(address, count, type, root, _messages, &request);
            Wait(&request, $"numbers of rank {root}");
        });
    }

    /// <inheritdoc/>
    public void Barrier()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        nint request = 0;
        _mpi.BeginBarrier(_messages, &request);
        Wait(&request, "the others");
    }

    /// <inheritdoc/>
    public void Abort(string reason)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var start = Stopwatch.GetTimestamp();
        nint request = 0;
        _mpi.BeginBarrier(_ends, &request);
        for (var waited = TimeSpan.Zero; waited < Patience; waited = Stopwatch.GetElapsedTime(start))
        {
            if (_mpi.IsDone(&request))
                return;
            Thread.Sleep(1);
        }
        EndAll(reason);
    }

    /// <summary>Waits for the other ranks and ends MPI.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        Barrier();
        _disposed = true;
        if (_isOurs)
            _mpi.End();
    }

    /// <summary>Lets MPI work on the elements, which it reads from a GPU only if it can.</summary>
    private void OnMemory(torch.Tensor values, Action<nint, int, nint> act)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (values.device_type == DeviceType.CUDA && !_knowsCuda)
        {
            using var staged = values.cpu();
            OnMemory(staged, act);
            using var noGradient = torch.no_grad();
            values.copy_(staged);
            return;
        }
        if (values.device_type == DeviceType.CUDA)
            torch.cuda.synchronize();
        var (address, type) = (TensorMemory.AddressOf(values), _mpi.Handles.TypeOf(values.dtype));
        for (var left = values.numel(); left > 0;)
        {
            // MPI counts in 32 bits.
            var count = (int)Math.Min(left, 1 << 30);
            act(address, count, type);
            address += (nint)(count * values.element_size());
            left -= count;
        }
        GC.KeepAlive(values);
    }

    private void Wait(nint* request, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!_mpi.IsDone(request))
        {
            var waited = Stopwatch.GetElapsedTime(start);
            if (waited > Timeout)
                EndAll(FormattableString.Invariant(
                    $"it waited {Timeout.TotalMinutes:0.##} minutes for {what}: another rank stands still."));
            // Who waits long leaves the processor to others: a rank may stand still, or need this processor to get here.
            if (waited < Brief)
                Thread.Yield();
            else
                Thread.Sleep(1);
        }
    }

    private void EndAll(string reason)
    {
        Console.Error.WriteLine($"Rank {Rank} of {Size} ends the run: {reason}");
        Console.Error.Flush();
        _mpi.Abort();
        Environment.Exit(1);
    }
}
