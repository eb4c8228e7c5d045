using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Runs.Communication;

/// <summary>
/// The ranks of a run as its code sees them. One thread reduces what <see cref="SumLater"/> was given while the caller computes on; what is
/// waited for comes after that, so that all ranks reduce in the same order.
/// </summary>
internal sealed class Ranks : IDisposable
{
    private const int LongestShown = 100;

    private readonly ICommunicator _communicator;
    private readonly BlockingCollection<(Tensor Values, TaskCompletionSource Done)> _queue = [];
    private readonly ConcurrentBag<IDisposable> _kept = [];
    private Task _last = Task.CompletedTask;

    /// <param name="communicator">Of two ranks or more; stays the caller's.</param>
    /// <param name="synchronizesNorms">
    /// Whether batch norms compute with the statistics of the whole batch, rather than each rank's with those of its share.
    /// </param>
    public Ranks(ICommunicator communicator, bool synchronizesNorms)
    {
        (_communicator, SynchronizesNorms) = (communicator, synchronizesNorms);
        // In the background: nobody waits for it where the process ends in the middle of a run.
        new Thread(ReduceAll) { IsBackground = true, Name = nameof(Ranks) }.Start();
    }

    public int Rank => _communicator.Rank;

    public int Size => _communicator.Size;

    /// <summary>Whether this rank logs and writes files.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>Whether batch norms compute with the statistics of the whole batch.</summary>
    public bool SynchronizesNorms { get; }

    /// <summary>What was reduced, and how long that took.</summary>
    public RankTraffic Traffic { get; } = new();

    /// <summary>
    /// Runs what all ranks do together. A rank that cannot go on ends the others, which would wait for it for ever.
    /// </summary>
    /// <param name="communicator">The ranks; null for one process.</param>
    /// <param name="action">What they do.</param>
    public static T Together<T>(ICommunicator? communicator, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (communicator is { Size: > 1 })
        {
            communicator.Abort($"{e.GetType().Name}: {e.Message}");
            throw;
        }
    }

    /// <summary>Sums a tensor over the ranks, in place, on the thread of the ranks.</summary>
    /// <param name="values">Contiguous. Nobody may touch them until the task is done.</param>
    public Task SumLater(Tensor values)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Traffic.Count(values);
        _queue.Add((values, done));
        return _last = done.Task;
    }

    /// <summary>Sums a tensor over the ranks, in place.</summary>
    /// <param name="values">Contiguous.</param>
    public void Sum(Tensor values)
    {
        _last.GetAwaiter().GetResult();
        Traffic.Count(values);
        _communicator.AllReduce(values);
    }

    /// <summary>Replaces a tensor by its mean over the ranks.</summary>
    /// <param name="values">Contiguous, of floats.</param>
    public void Average(Tensor values)
    {
        Sum(values);
        Scale(values);
    }

    /// <summary>Makes means of sums.</summary>
    public void Scale(Tensor sums)
    {
        using Scalar share = 1.0 / Size;
        sums.mul_(share);
    }

    /// <summary>Whether a rank says yes.</summary>
    public bool Any(bool mine)
    {
        using var scope = NewDisposeScope();
        var votes = tensor(mine ? 1f : 0f);
        Sum(votes);
        return votes.item<float>() > 0;
    }

    /// <summary>The bytes of one rank.</summary>
    /// <param name="mine">Bytes of this rank, of any length.</param>
    /// <param name="root">The rank whose bytes all get.</param>
    public byte[] Broadcast(byte[] mine, int root = 0)
    {
        using var scope = NewDisposeScope();
        _last.GetAwaiter().GetResult();
        var length = tensor((long)mine.Length);
        _communicator.Broadcast(length, root);
        var words = zeros((length.item<long>() + 7) / 8, ScalarType.Int64);
        if (Rank == root)
            mine.CopyTo(words.bytes);
        if (words.numel() > 0)
            _communicator.Broadcast(words, root);
        return words.bytes[..(int)length.item<long>()].ToArray();
    }

    /// <summary>Makes sure that all ranks have the same: compares facts with those of rank 0.</summary>
    /// <param name="facts">What should be the same, with names for the message.</param>
    /// <param name="what">What begins with "The ranks".</param>
    /// <exception cref="InvalidOperationException">A rank has others; thrown on all ranks, with the first difference.</exception>
    public void RequireSame(IReadOnlyList<(string Name, string Value)> facts, string what)
    {
        var first = new Dictionary<string, string>();
        using (var reader = new BinaryReader(new MemoryStream(Broadcast(Bytes(facts)))))
            for (var left = reader.ReadInt32(); left > 0; left--)
                first.Add(reader.ReadString(), reader.ReadString());
        var here = facts.ToDictionary();
        var name = here.Keys.Union(first.Keys).FirstOrDefault(n => here.GetValueOrDefault(n) != first.GetValueOrDefault(n));
        using var scope = NewDisposeScope();
        var differ = zeros(Size);
        if (name is not null)
            differ[Rank] = tensor(1f);
        Sum(differ);
        var other = Array.FindIndex(differ.data<float>().ToArray(), d => d > 0);
        if (other < 0)
            return;
        var difference = name is null ? "" : $"{name} is {Shown(here, name)} on rank {Rank}, and {Shown(first, name)} on rank 0";
        throw new InvalidOperationException($"{what}: {Encoding.UTF8.GetString(
            Broadcast(Encoding.UTF8.GetBytes(difference), other))}.");
    }

    /// <summary>Keeps something until <see cref="Release"/>, which threads of libtorch made.</summary>
    public void Keep(params ReadOnlySpan<IDisposable> things)
    {
        foreach (var thing in things)
            _kept.Add(thing);
    }

    /// <summary>Frees what was kept.</summary>
    public void Release()
    {
        while (_kept.TryTake(out var thing))
            thing.Dispose();
    }

    public void Dispose()
    {
        Release();
        _queue.CompleteAdding();
    }

    private static byte[] Bytes(IReadOnlyList<(string Name, string Value)> facts)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(facts.Count);
        foreach (var (name, value) in facts)
        {
            writer.Write(name);
            writer.Write(value);
        }
        writer.Flush();
        return stream.ToArray();
    }

    private static string Shown(Dictionary<string, string> facts, string name) =>
        !facts.TryGetValue(name, out var value) ? "not set"
        : value.Length <= LongestShown ? $"'{value}'"
        : $"a text with the SHA-256 {Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(value)))[..16]}";

    private void ReduceAll()
    {
        foreach (var (values, done) in _queue.GetConsumingEnumerable())
        {
            try
            {
                var start = Stopwatch.GetTimestamp();
                _communicator.AllReduce(values);
                Traffic.Reducing += Stopwatch.GetElapsedTime(start);
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }
    }
}
