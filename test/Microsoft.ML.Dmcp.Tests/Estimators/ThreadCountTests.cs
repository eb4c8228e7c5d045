using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>A run's number of threads is the run's alone.</summary>
public sealed class ThreadCountTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void The_number_of_threads_of_a_run_reaches_no_other_thread_and_ends_with_it()
    {
        var (before, ofNewThreads) = (get_num_threads(), OnNewThread(get_num_threads));
        foreach (var threads in (int[])[1, 2, 3])
        {
            var (during, elsewhere) = (0, 0);
            var options = TinyPipeline.Search();
            options.NumberOfThreads = threads;
            options.MetricsCallback = _ => (during, elsewhere) = (get_num_threads(), OnNewThread(get_num_threads));
            _ml.Transforms.DmcpSearch(options).Fit(TinyPipeline.Labelled(_ml));
            Assert.Equal((threads, ofNewThreads), (during, elsewhere));
            Assert.Equal((before, ofNewThreads), (get_num_threads(), OnNewThread(get_num_threads)));
        }
    }

    [Fact]
    public void Two_runs_at_once_with_different_numbers_of_threads_give_what_they_give_alone()
    {
        var alone = new[] { 1, 2 }.Select(threads => Losses(threads, _ => { })).ToArray();
        using var barrier = new Barrier(2);
        var together = new double[2][];
        var threads = new[] { 1, 2 }.Select(
            count => new Thread(() => together[count - 1] = Losses(count, _ => barrier.SignalAndWait(TimeSpan.FromSeconds(10))))).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.Equal(alone[0], together[0]);
        Assert.Equal(alone[1], together[1]);
    }

    [Fact]
    public void Cancelled_runs_end_where_the_thread_pool_has_no_thread_left()
    {
        ThreadPool.GetMaxThreads(out var workers, out var ports);
        ThreadPool.GetMinThreads(out var least, out var leastPorts);
        try
        {
            ThreadPool.SetMinThreads(1, 1);
            // Two threads more than the tests' own runner holds.
            ThreadPool.GetAvailableThreads(out var free, out _);
            Assert.True(ThreadPool.SetMaxThreads(Math.Max(workers - free + 2, Environment.ProcessorCount), ports));
            using var cancel = new CancellationTokenSource();
            using var ended = new CountdownEvent(2);
            using var both = new Barrier(2);
            for (var run = 0; run < 2; run++)
                ThreadPool.QueueUserWorkItem(_ => Cancelled());
            Assert.True(ended.Wait(TimeSpan.FromSeconds(60)));

            void Cancelled()
            {
                var options = TinyPipeline.Search(epochs: 10_000);
                options.CancellationToken = cancel.Token;
                options.MetricsCallback = p =>
                {
                    if (p is not { Epoch: 3, Batch: 1 })
                        return;
                    // Both are in the middle of an epoch, each with a batch that waits for a thread.
                    both.SignalAndWait(TimeSpan.FromSeconds(30));
                    cancel.Cancel();
                };
                try
                {
                    new MLContext(seed: 1).Transforms.DmcpSearch(options).Fit(TinyPipeline.Labelled(_ml));
                }
                catch (OperationCanceledException)
                {
                    ended.Signal();
                }
            }
        }
        finally
        {
            ThreadPool.SetMaxThreads(workers, ports);
            ThreadPool.SetMinThreads(least, leastPorts);
        }
    }

    private double[] Losses(int threads, Action<double> each)
    {
        var losses = new List<double>();
        var ml = new MLContext(seed: 1);
        var options = TinyPipeline.Search(epochs: 4);
        options.NumberOfThreads = threads;
        options.Network = NetworkZoo.CifarResNet(20);
        options.MetricsCallback = p =>
        {
            losses.Add(p.Loss);
            each(p.Loss);
        };
        ml.Transforms.DmcpSearch(options).Fit(TinyPipeline.Labelled(_ml));
        return [.. losses];
    }

    private static int OnNewThread(Func<int> value)
    {
        var result = 0;
        var thread = new Thread(() => result = value());
        thread.Start();
        thread.Join();
        return result;
    }
}
