using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Runs.Native;

/// <summary>
/// Gives the current thread a number of libtorch's threads until it is disposed of, and leaves that of all other threads, also of those to
/// come, as it is: <c>set_num_threads</c> sets it for the calling thread and for every thread that computes for the first time later.
/// </summary>
internal sealed class RunThreads : IDisposable
{
    private static readonly Lock Gate = new();

    private readonly int _before;

    /// <param name="count">Threads that this thread's computations use.</param>
    public RunThreads(int count)
    {
        lock (Gate)
        {
            // Asking also ends this thread's taking over of the number for new threads.
            _before = get_num_threads();
            Set(count);
        }
    }

    public void Dispose()
    {
        lock (Gate)
            Set(_before);
    }

    private static void Set(int count)
    {
        var ofNewThreads = 0;
        OnNewThread(() => ofNewThreads = get_num_threads());
        set_num_threads(count);
        OnNewThread(() => set_num_threads(ofNewThreads));
    }

    private static void OnNewThread(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }
}
