using System.Runtime.InteropServices;
using CsCheck;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Native;

namespace Microsoft.ML.Dmcp.Tests.Search;

public sealed class CheckpointTests : IDisposable
{
    private const int Epochs = 4, Images = 96, BatchSize = 16, Iterations = Epochs * Images / BatchSize;

    // A dropout, so that its random state matters too.
    private static readonly NetworkArchitecture Network = new("checkpointed", net =>
    {
        var x = net.ReLU(net.BatchNorm(net.Conv(net.Input, 12, 3, stride: 2)));
        x = net.ReLU(net.BatchNorm(net.Conv(x, 20, 3, stride: 2)));
        net.Linear(net.Dropout(net.GlobalAveragePool(x), 0.2), net.Classes);
    });

    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-checkpoint").FullName;

    private string Path => System.IO.Path.Combine(_folder, "search.checkpoint");

    // Sums of several threads, too, are the same after a stop; eng/test.sh leaves one to tests that do not ask.
    private readonly RunThreads _threads = new(2);

    public void Dispose()
    {
        _threads.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(13)]
    [InlineData(18)]
    [InlineData(23)]
    [InlineData(24)]
    public void A_search_killed_at_any_moment_resumes_to_the_same_config_alpha_and_weights(int killedAfter)
    {
        var whole = Outcome(null);
        // A kill leaves the checkpoint of an earlier iteration: this one is written every second time, and the run dies without a last
        // word.
        Assert.Throws<KilledException>(() => Run(o => o.MetricsCallback = Kill(killedAfter)));
        Assert.Equal(whole, Outcome(Path));
        // A run that is done gives its result again.
        Assert.Equal(whole, Outcome(Path));
    }

    [Fact]
    public void A_cancelled_search_keeps_its_last_iteration_whatever_the_interval()
    {
        using var cancel = new CancellationTokenSource();
        var done = 0;
        Assert.Throws<OperationCanceledException>(() => Run(o =>
        {
            o.CheckpointInterval = TimeSpan.FromDays(1);
            o.CancellationToken = cancel.Token;
            o.MetricsCallback = p =>
            {
                if (++done == 8)
                    cancel.Cancel();
            };
        }));
        var reports = new List<TrainingProgress>();
        using var run = new SearchRun(Epochs, Images, BatchSize, reports.Add, change: o => Configure(o, Path));
        var result = run.Search.Run();
        Assert.Equal((2, 3), (reports[0].Epoch, reports[0].Batch));
    }

    [Fact]
    public void A_checkpoint_of_other_settings_images_or_seed_is_refused_by_name_and_left_alone()
    {
        Outcome(Path);
        var before = File.ReadAllBytes(Path);
        void Refused(string named, Action<DmcpSearchOptions> change, int dataSeed = 1)
        {
            using var run = new SearchRun(Epochs, Images, BatchSize, null, dataSeed, o =>
            {
                Configure(o, Path);
                change(o);
            });
            var message = Assert.Throws<InvalidOperationException>(() => run.Search.Run()).Message;
            Assert.Contains(Path, message);
            Assert.Contains(named, message);
        }
        Refused("momentum was '0.9', now it is '0.5'", o => o.Momentum = 0.5);
        Refused("budget was", o => o.Budget = Budget.FlopsRatio(0.6));
        Refused("to search another budget with its weights, name it as WeightsPath", o => o.Budget = Budget.FlopsRatio(0.6));
        Refused("network 'checkpointed'", o => o.Network = TestImages.Network);
        Refused("other images", _ => { }, dataSeed: 2);
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused_wherever_the_damage_lies()
    {
        Outcome(Path);
        var whole = File.ReadAllBytes(Path);
        void Refused(byte[] damaged)
        {
            File.WriteAllBytes(Path, damaged);
            Assert.Contains(Path, Assert.Throws<FormatException>(() => Outcome(Path)).Message);
        }
        var places = Gen.Int[0, whole.Length - 1];
        places.Check(20, length => Refused(whole[..length]));
        Gen.Select(places, Gen.Int[0, 7])
            .Check(20, (at, bit) => Refused([.. whole[..at], (byte)(whole[at] ^ 1 << bit), .. whole[(at + 1)..]]));
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_says_so_and_keeps_the_one_before()
    {
        Directory.CreateDirectory(Path);
        Assert.Contains("CheckpointPath", Assert.Throws<IOException>(() => Outcome(Path)).Message);
        Assert.Equal([Path], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_pipe_in_place_of_a_checkpoint_is_refused_and_not_waited_for()
    {
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(0, mkfifo(Path, 0b110_000_000));
        Assert.Contains($"'{Path}' is no checkpoint", Assert.Throws<FormatException>(() => Outcome(Path)).Message);
        Assert.Contains($"'{Path}' is no checkpoint", Assert.Throws<FormatException>(() => Weights(o =>
        {
            Configure(o, null);
            o.WeightsPath = Path;
        })).Message);
    }

    [Fact]
    public void A_link_to_a_checkpoint_that_is_not_there_yet_is_where_it_is_written()
    {
        if (OperatingSystem.IsWindows())
            return;
        var target = System.IO.Path.Combine(_folder, "disk", "real.checkpoint");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
        File.CreateSymbolicLink(Path, target);
        Assert.Equal(Outcome(Path), Outcome(target));
        Assert.Equal(target, new FileInfo(Path).LinkTarget);
    }

    [DllImport("libc")]
    private static extern int mkfifo(string path, uint mode);

    [Fact]
    public void A_search_begins_with_the_weights_of_another_and_refuses_those_of_another_network()
    {
        Outcome(Path);
        // Frozen weights and no warm-up: what comes out is what went in.
        void Frozen(DmcpSearchOptions o)
        {
            o.WeightsPath = Path;
            o.CheckpointPath = null;
            o.WeightsTrainDuringSearch = false;
            o.WarmUpShare = 0;
        }
        Assert.Equal(Weights(o => Configure(o, Path)), Weights(o =>
        {
            Configure(o, null);
            Frozen(o);
        }));
        var message = Assert.Throws<InvalidOperationException>(() => Weights(o =>
        {
            Configure(o, null);
            Frozen(o);
            o.Network = TestImages.Network;
        })).Message;
        Assert.Contains("checkpointed", message);
        Assert.Contains("tiny", message);
    }

    private static void Configure(DmcpSearchOptions options, string? path)
    {
        options.Network = Network;
        options.CheckpointPath = path;
        options.CheckpointInterval = TimeSpan.Zero;
        options.RandomHorizontalFlip = true;
        options.RandomCropPadding = 1;
        options.SearchSampling = SubNetworkSampling.Scheduled;
    }

    private void Run(Action<DmcpSearchOptions> change)
    {
        using var run = new SearchRun(Epochs, Images, BatchSize, change: o =>
        {
            Configure(o, Path);
            change(o);
        });
        run.Search.Run();
    }

    private static (string Config, string Alpha, string Weights) Outcome(string? path)
    {
        using var run = new SearchRun(Epochs, Images, BatchSize, change: o => Configure(o, path));
        var result = run.Search.Run();
        return (result.Config.ToJson(), string.Join(' ', run.Search.Model.AlphaOnHost().Cast<double>()), Numbers(run.Search.Network));
    }

    private static string Weights(Action<DmcpSearchOptions> change)
    {
        using var run = new SearchRun(Epochs, Images, BatchSize, change: change);
        var result = run.Search.Run();
        return Numbers(run.Search.Network);
    }

    private static string Numbers(SlimmableNetwork network) =>
        string.Join(' ', network.parameters().SelectMany(p => p.detach().flatten().data<float>().ToArray()));

    // A batch is reported as soon as it is done, before its checkpoint is written.
    private static Action<TrainingProgress> Kill(int after) => p =>
    {
        if ((p.Epoch - 1) * p.Batches + p.Batch == after)
            throw new KilledException();
    };

    private sealed class KilledException : Exception;
}
