using Microsoft.ML.Dmcp.Tests.Worker;

namespace Microsoft.ML.Dmcp.Tests.AutoML;

/// <summary>Workers that are killed, and several at once: processes as users have them.</summary>
public sealed class KilledWorkerTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    private const int Trials = 4, Kills = 3;

    private static readonly Lazy<string> InPeace = new(RunInPeace);

    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-killed").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_experiment_whose_process_is_killed_at_any_moment_again_and_again_finds_what_one_in_peace_finds() =>
        KillAndCompare("-", store: null, seed: 1);

    [PostgresFact]
    public void So_does_one_in_PostgreSQL()
    {
        var database = server.NewDatabase();
        KillAndCompare(database, DmcpStore.Postgres(database), seed: 2);
    }

    [PostgresFact]
    public void One_whose_database_falls_over_and_comes_back_goes_on()
    {
        var database = server.NewDatabase();
        using var worker = new ExperimentWorkerProcess(_folder, database, Trials);
        for (var restart = 0; restart < 2; restart++)
        {
            worker.Read(2);
            server.Restart();
        }
        worker.ReadToEnd();
        Assert.Equal(InPeace.Value, ExperimentText.Of(Read(DmcpStore.Postgres(database), Trials)));
    }

    [PostgresFact]
    public void Two_processes_on_one_PostgreSQL_do_each_trial_once_and_give_the_same_result()
    {
        var database = server.NewDatabase();
        using var first = new ExperimentWorkerProcess(_folder, database, 8);
        using var second = new ExperimentWorkerProcess(_folder, database, 8);
        var other = Task.Run(second.ReadToEnd);
        IReadOnlyList<string>[] lines = [first.ReadToEnd(), other.Result];

        var result = Read(DmcpStore.Postgres(database), 8);
        Assert.Equal(8, result.RunDetails.Count);
        Assert.All(result.RunDetails, t => Assert.True(t.State is DmcpTrialState.Completed or DmcpTrialState.Stopped, $"{t}"));
        Assert.Equal(8, result.RunDetails.Select(t => (t.Method, t.Budget!.ToString())).Distinct().Count());
        // Each is ended by one worker. On a fast machine one may have ended all before the other began.
        var ended = lines.Select(l => l.Where(line => line.StartsWith("Completed ", StringComparison.Ordinal)).ToArray()).ToArray();
        var completed = result.SharedWeights.Concat(result.RunDetails).Where(t => t.State == DmcpTrialState.Completed);
        Assert.Equal(completed.Select(t => $"Completed {t.Number}").Order(), ended.SelectMany(l => l).Order());
        // Both return the same whole result.
        Assert.Equal(lines[0].Where(IsSummary), lines[1].Where(IsSummary));

        static bool IsSummary(string line) => char.IsAsciiDigit(line[0]);
    }

    private void KillAndCompare(string argument, DmcpStore? store, int seed)
    {
        var random = new Random(seed);
        for (var kill = 0; kill < Kills; kill++)
            using (var killed = new ExperimentWorkerProcess(_folder, argument, Trials))
                killed.KillAfter(random.Next(1, 9));
        using var last = new ExperimentWorkerProcess(_folder, argument, Trials);
        last.ReadToEnd();
        Assert.Equal(InPeace.Value, ExperimentText.Of(Read(store, Trials)));
    }

    private static string RunInPeace()
    {
        var folder = Directory.CreateTempSubdirectory("dmcp-peace");
        var settings = TinyExperiment.Settings(folder.FullName);
        settings.MaxTrials = Trials;
        var ml = new MLContext(seed: 1);
        var images = ml.Data.LoadFromEnumerable(TinyExperiment.Images());
        var result = ml.MulticlassClassification.CreateDmcpExperiment(settings).Execute(images);
        var text = ExperimentText.Of(result);
        folder.Delete(recursive: true);
        return text;
    }

    private DmcpExperimentResult Read(DmcpStore? store, int trials)
    {
        var settings = TinyExperiment.Settings(_folder, store);
        settings.MaxTrials = trials;
        return _ml.MulticlassClassification.CreateDmcpExperiment(settings).ReadResult();
    }
}
