using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.ML.Dmcp.AutoML.Planning;
using Microsoft.ML.Dmcp.AutoML.Running;
using Microsoft.ML.Dmcp.AutoML.Store;
using Npgsql;

namespace Microsoft.ML.Dmcp.Tests.AutoML;

/// <summary>The store, in both databases, and what it does with what should not be in it.</summary>
public sealed class ExperimentStoreTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    private const string Password = "s3cr;et";

    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-store").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File => Path.Combine(_folder, "experiment.db");

    [Fact]
    public void Many_workers_on_one_file_take_every_trial_once() => TakeEachOnce(DmcpStore.Sqlite(File));

    [PostgresFact]
    public void Many_workers_on_one_PostgreSQL_take_every_trial_once() => TakeEachOnce(DmcpStore.Postgres(server.NewDatabase()));

    [Fact]
    public void A_trial_that_was_taken_over_is_no_longer_its_first_workers() => TakeOver(DmcpStore.Sqlite(File));

    [PostgresFact]
    public void So_it_is_in_PostgreSQL() => TakeOver(DmcpStore.Postgres(server.NewDatabase()));

    [Fact]
    public void Only_a_worker_that_stands_still_for_the_whole_time_is_dead_whatever_the_clocks_say()
    {
        var watch = new LivenessWatch(TimeSpan.FromDays(1));
        var trial = new StoredTrial
        {
            Number = 1, Network = "n", Method = DmcpTrialMethod.Uniform, Amount = 0.5, Seed = 1, State = DmcpTrialState.Running,
            Worker = "a", Beat = 7, Started = -1e12,
        };
        // At first nobody knows; a sign of life says that it lives; another worker is another question.
        Assert.Equal((0, true), Look(trial));
        Assert.Equal((0, true), Look(trial));
        Assert.Equal((0, false), Look(trial with { Beat = 8 }));
        Assert.Equal((0, true), Look(trial with { Beat = 9, Worker = "b" }));
        var impatient = new LivenessWatch(TimeSpan.Zero);
        Assert.Empty(impatient.Look([trial]).Dead);
        SpinWait.SpinUntil(() => impatient.Look([trial]).Dead.Count == 1);

        (int, bool) Look(StoredTrial seen)
        {
            var (dead, isOpen) = watch.Look([seen]);
            return (dead.Count, isOpen);
        }
    }

    [Fact]
    public void A_trial_that_ends_ten_workers_without_getting_further_has_failed()
    {
        var store = Begun(DmcpStore.Sqlite(File), "a", trials: 1);
        for (var i = 0; i < 10; i++)
            store.TakeFrom(store.Claim()!);
        var trial = Assert.Single(store.Read());
        Assert.Equal(DmcpTrialState.Failed, trial.State);
        Assert.Contains("is there enough memory?", trial.Reason);
    }

    [Fact]
    public void A_store_of_a_later_version_is_refused_with_the_fix() => RefuseLaterVersion(DmcpStore.Sqlite(File));

    [PostgresFact]
    public void So_is_one_in_PostgreSQL() => RefuseLaterVersion(DmcpStore.Postgres(server.NewDatabase()));

    [Theory]
    [InlineData("config = 'evil'", "trial 1: The text is not a channel config")]
    [InlineData("config = '{\"format\":\"Microsoft.ML.Dmcp/ChannelConfig\",\"version\":9}'", "trial 1: ")]
    [InlineData("config = printf('%.*c', 5000000, 'x')", "trial 1: The text is not a channel config")]
    [InlineData("state = 'Excellent'", "trial 1 has 'Excellent' as its state, which cannot be")]
    [InlineData("state = '1'", "trial 1 has '1' as its state")]
    [InlineData("method = 'Dmcp, Uniform'", "as its method")]
    [InlineData("metrics = '[1'", "trial 1 has '[1' as its metrics")]
    [InlineData("metrics = '{\"microAccuracy\":1}'", "as its metrics")]
    [InlineData("progress = 'null '", null)]
    [InlineData("budget = -1", "trial 1 has '-1' as its budget")]
    [InlineData("seed = 99999999999", "trial 1 has '99999999999' as its seed")]
    [InlineData("seed = 'x'", "trial 1 has 'x' as its seed")]
    public void What_somebody_wrote_into_the_database_is_refused_by_name(string change, string? message)
    {
        var store = Begun(DmcpStore.Sqlite(File), "a", trials: 1);
        Sqlite($"UPDATE dmcp_trials SET {change}");
        if (message is null)
        {
            store.Read();
            return;
        }
        var error = Assert.Throws<FormatException>(() => store.Read());
        Assert.Contains(message, error.Message);
        Assert.Contains("experiment.db", error.Message);
        Assert.True(error.Message.Length < 600);
    }

    [Fact]
    public void Files_that_are_no_store_and_folders_that_cannot_be_written_are_refused_with_the_fix()
    {
        System.IO.File.WriteAllText(File, string.Join(' ', Enumerable.Range(0, 1000)));
        var error = Assert.Throws<FormatException>(() => Begun(DmcpStore.Sqlite(File), "a", trials: 0));
        Assert.Contains("is damaged, or no file of SQLite. Move it away", error.Message);
        // A folder below a file is one that no right can make.
        var below = Assert.Throws<IOException>(() => Begun(DmcpStore.Sqlite(Path.Combine(File, "a.db")), "a", trials: 0));
        Assert.Contains("cannot be made", below.Message);
        var folder = Assert.Throws<IOException>(() => Begun(DmcpStore.Sqlite(_folder), "a", trials: 0));
        Assert.Contains("cannot be written", folder.Message);
        var readOnly = Assert.Throws<IOException>(() => Begun(DmcpStore.Sqlite("/proc/experiment.db"), "a", trials: 0));
        Assert.Contains("cannot be written", readOnly.Message);
    }

    [Fact]
    public void A_full_disk_is_said_and_what_was_there_before_stays()
    {
        var store = Begun(DmcpStore.Sqlite(File), "a", trials: 2);
        // SQLite's own limit on the file's size fails as a full disk does.
        var limited = new SqliteDatabase(File) { LargestPages = 30 };
        var full = new ExperimentStore(limited, "e", "b");
        var trial = full.Claim()!;
        var config = UniformScaling.Find(NetworkZoo.CifarResNet(56).Describe(3, 32, 32, 10), Budget.FlopsRatio(0.5));
        var huge = config with { Method = new SearchMethod("x", new Dictionary<string, string> { ["x"] = new('x', 1_000_000) }) };
        var error = Assert.Throws<IOException>(() => full.Found(trial.Number, huge, 1));
        Assert.Contains("the disk is full. Free some room", error.Message);
        Assert.Equal(2, store.Read().Count);
    }

    [Fact]
    public void A_server_that_is_not_there_is_named_with_the_fix_and_without_the_password()
    {
        var store = DmcpStore.Postgres($"Host=127.0.0.1;Port=1;Database=d;Username=u;Password=\"{Password}\";Timeout=2");
        Assert.Equal("PostgreSQL database 'd' on '127.0.0.1:1'", store.ToString());
        var error = Assert.Throws<IOException>(() => Begun(store, "a", trials: 0));
        Assert.StartsWith("PostgreSQL database 'd' on '127.0.0.1:1' cannot be reached: ", error.Message);
        Assert.DoesNotContain(Password, error.ToString());
    }

    [Fact]
    public void A_server_of_an_unknown_name_is_said()
    {
        var store = DmcpStore.Postgres($"Host=nobody.invalid;Database=d;Username=u;Password=\"{Password}\";Timeout=5");
        var error = Assert.Throws<IOException>(() => Begun(store, "a", trials: 0));
        Assert.StartsWith("PostgreSQL database 'd' on 'nobody.invalid:5432' cannot be reached: ", error.Message);
        Assert.DoesNotContain(Password, error.ToString());
    }

    [PostgresFact]
    public void A_wrong_password_and_a_missing_database_are_said_without_the_password()
    {
        var right = new NpgsqlConnectionStringBuilder(server.NewDatabase());
        var wrong = new NpgsqlConnectionStringBuilder(right.ToString()) { Password = Password };
        var error = Assert.Throws<IOException>(() => Begun(DmcpStore.Postgres(wrong.ToString()), "a", trials: 0));
        Assert.Contains("refuses user 'dmcp': check Username and Password", error.Message);
        Assert.DoesNotContain(Password, error.ToString());
        var missing = new NpgsqlConnectionStringBuilder(right.ToString()) { Database = "nirgends" };
        error = Assert.Throws<IOException>(() => Begun(DmcpStore.Postgres(missing.ToString()), "a", trials: 0));
        Assert.Contains("does not exist: make it with createdb", error.Message);
        Assert.DoesNotContain(right.Password!, error.ToString());
    }

    [Theory]
    [InlineData("Host=h;Password=a;b=c")]
    [InlineData("Host=h;Password=a;s3cr")]
    [InlineData("s3cr")]
    [InlineData("Host=h;Port=s3cr")]
    public void A_connection_string_that_cannot_be_read_is_refused_without_a_piece_of_it(string text)
    {
        var error = Assert.Throws<ArgumentException>(() => DmcpStore.Postgres(text));
        Assert.Contains("is no connection string of PostgreSQL", error.Message);
        Assert.DoesNotContain("s3cr", error.ToString());
    }

    [Fact]
    public void A_folder_of_another_experiment_or_none_is_refused()
    {
        var (mine, other) = (new ExperimentFolder(Path.Combine(_folder, "mine")), new ExperimentFolder(Path.Combine(_folder, "other")));
        var id = mine.NewId(mine.HasTrials);
        // Killed before the store heard of it: the same id serves.
        Assert.Equal(id, mine.NewId(mine.HasTrials));
        mine.Require(id);
        Assert.Contains("is the shared storage mounted?", Assert.Throws<InvalidOperationException>(() => other.Require(id)).Message);
        other.NewId(other.HasTrials);
        Assert.Contains("holds another experiment", Assert.Throws<InvalidOperationException>(() => other.Require(id)).Message);
        Directory.CreateDirectory(Path.GetDirectoryName(mine.ModelOf(1))!);
        Assert.Contains("that the store does not know", Assert.Throws<InvalidOperationException>(() => mine.NewId(mine.HasTrials)).Message);
    }

    [Fact]
    public void Workers_that_begin_an_experiment_at_the_same_moment_agree_on_its_id()
    {
        const int workers = 8;
        for (var turn = 0; turn < 20; turn++)
        {
            var path = Path.Combine(_folder, $"turn{turn}");
            using var start = new Barrier(workers);
            var ids = new ConcurrentBag<string>();
            var threads = Enumerable.Range(0, workers).Select(_ => new Thread(() =>
            {
                var folder = new ExperimentFolder(path);
                start.SignalAndWait();
                ids.Add(folder.NewId(hadTrials: false));
            })).ToArray();
            foreach (var thread in threads)
                thread.Start();
            foreach (var thread in threads)
                thread.Join();
            new ExperimentFolder(path).Require(Assert.Single(ids.Distinct()));
            Assert.Equal(["experiment.id"], Directory.GetFiles(path, "experiment.id*").Select(Path.GetFileName));
        }
    }

    private static void TakeEachOnce(DmcpStore store)
    {
        const int trials = 40, workers = 4;
        Begun(store, "first", trials);
        var taken = new ConcurrentBag<int>();
        var threads = Enumerable.Range(0, workers).Select(i => new Thread(() =>
        {
            var mine = new ExperimentStore(store.Database, "e", $"worker {i}");
            while (mine.Claim() is { } trial)
            {
                taken.Add(trial.Number);
                Assert.True(mine.End(trial.Number, DmcpTrialState.Completed, 1, new DmcpTrialMetrics(0.5, 0.5, 1, 0, []), null));
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Assert.Equal(Enumerable.Range(1, trials), taken.Order());
    }

    private static void TakeOver(DmcpStore store)
    {
        var (first, second) = (Begun(store, "first", trials: 1), new ExperimentStore(store.Database, "e", "second"));
        var seen = first.Claim()!;
        Assert.Null(second.Claim());
        Assert.True(first.Beat(1, 2.5, new DmcpTrialProgress(TrainingPhase.Retrain, 1, 2, double.NaN, 0.5, 10, 3)));
        // It has given a sign of life since it was seen.
        second.TakeFrom(seen);
        Assert.Null(second.Claim());
        second.TakeFrom(second.Read(1));
        Assert.NotNull(second.Claim());
        var epoch = new DmcpEpoch(TrainingPhase.Retrain, 1, 0.5, 0.25, 0.75);
        Assert.False(first.Beat(1, 1, null));
        Assert.False(first.Add(1, epoch));
        Assert.False(first.End(1, DmcpTrialState.Completed, 1, null, null));
        Assert.True(second.Add(1, epoch));
        Assert.True(second.Add(1, epoch));
        var trial = second.Read(1);
        Assert.Equal((DmcpTrialState.Running, 2.5), (trial.State, trial.Seconds));
        Assert.Equal([epoch], trial.Epochs);
    }

    private static void RefuseLaterVersion(DmcpStore store)
    {
        Begun(store, "a", trials: 0);
        store.Database.Run(t => t.Execute("UPDATE dmcp_schema SET version = 2"));
        var error = Assert.Throws<InvalidOperationException>(() => Begun(store, "a", trials: 0));
        Assert.Contains("has tables of version 2; this library knows version 1: update Microsoft.ML.Dmcp.AutoML", error.Message);
    }

    private static ExperimentStore Begun(DmcpStore store, string worker, int trials)
    {
        var begun = new ExperimentStore(store.Database, "e", worker);
        begun.Begin(new SortedDictionary<string, string> { ["a"] = "b" }, "id");
        var seeds = Enumerable.Range(1, trials);
        begun.Plan(_ => ([], seeds.Select(seed => new PlannedTrial("n", DmcpTrialMethod.Uniform, 0.5, seed, null)).ToArray()));
        return begun;
    }

    private void Sqlite(string sql)
    {
        using DbConnection connection = new SqliteConnection($"Data Source={File};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
