using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Dmcp.AutoML.Planning;

namespace Microsoft.ML.Dmcp.AutoML.Store;

/// <summary>One experiment in a store: every change is one transaction, so that a kill between two leaves nothing half done.</summary>
/// <param name="database">The store.</param>
/// <param name="name">Name of the experiment.</param>
/// <param name="worker">Who works: different in every process and call.</param>
internal sealed class ExperimentStore(StoreDatabase database, string name, string worker)
{
    // A trial that kills its process each time, for lack of memory for example, must not do so for ever.
    private const int MostLosses = 10;

    private readonly TrialReader _reader = new(database.Name);

    /// <summary>What messages call it.</summary>
    public string Name => database.Name;

    /// <summary>Goes on with the experiment, or begins it.</summary>
    /// <param name="settings">What decides its results.</param>
    /// <param name="newId">Its id where it is begun.</param>
    /// <returns>Its id, which its folder holds too.</returns>
    /// <exception cref="InvalidOperationException">The store holds an experiment of this name with other settings.</exception>
    public string Begin(SortedDictionary<string, string> settings, string newId)
    {
        var text = JsonSerializer.Serialize(settings, StoreJson.Default.SortedDictionaryStringString);
        return database.Run(transaction =>
        {
            StoreSchema.Ensure(transaction, database);
            transaction.Execute(
                $"INSERT INTO dmcp_experiments (name, id, settings, created) VALUES (@name, @id, @settings, {database.Now}) " +
                "ON CONFLICT (name) DO NOTHING",
                ("name", name), ("id", newId), ("settings", text));
            var (id, found) = transaction.Query("SELECT id, settings FROM dmcp_experiments WHERE name = @name",
                row => (row.GetString(0), row.GetString(1)), ("name", name)).Single();
            RequireSame(_reader.ReadSettings(found), settings);
            return id;
        });
    }

    /// <summary>Id of the experiment; null where the store has none of this name.</summary>
    public string? FindId() => !database.MayExist ? null : database.Run(transaction => !StoreSchema.Exists(transaction, database) ? null
        : (string?)transaction.Scalar("SELECT id FROM dmcp_experiments WHERE name = @name", ("name", name)));

    /// <summary>All trials with their curves, by number.</summary>
    public IReadOnlyList<StoredTrial> Read() => database.Run(ReadAll);

    /// <summary>One trial.</summary>
    public StoredTrial Read(int number) => database.Run(transaction => ReadOne(transaction, number));

    /// <summary>Takes the first trial that waits; null where none does.</summary>
    public StoredTrial? Claim() => database.Run(transaction =>
    {
        var number = transaction.Scalar(
            $"UPDATE dmcp_trials SET state = 'Running', worker = @worker, beat = beat + 1, started = COALESCE(started, {database.Now}) " +
            "WHERE experiment = @name AND number = (SELECT number FROM dmcp_trials WHERE experiment = @name AND state = 'Waiting' " +
            $"ORDER BY number LIMIT 1 {database.SkipLocked}) RETURNING number",
            ("name", name), ("worker", worker));
        return number is null ? null : ReadOne(transaction, Convert.ToInt32(number, CultureInfo.InvariantCulture));
    });

    /// <summary>Changes what is to be done, while nobody else does: verdicts on trials that are there, and new ones.</summary>
    /// <param name="decide">The verdicts, then the new trials, from all that the store holds.</param>
    /// <returns>The trials that were stopped, and whether anything changed.</returns>
    public (IReadOnlyList<int> Stopped, bool Changed) Plan(
        Func<IReadOnlyList<StoredTrial>, (IReadOnlyList<Verdict> Verdicts, IReadOnlyList<PlannedTrial> New)> decide) =>
        database.Run(transaction =>
        {
            transaction.Scalar($"SELECT name FROM dmcp_experiments WHERE name = @name {database.ForUpdate}", ("name", name));
            var trials = ReadAll(transaction);
            var (verdicts, planned) = decide(trials);
            foreach (var verdict in verdicts)
                Apply(transaction, verdict);
            var number = trials.Select(t => t.Number).DefaultIfEmpty().Max();
            foreach (var trial in planned)
                Insert(transaction, ++number, trial);
            return ((IReadOnlyList<int>)verdicts.Where(v => v.Reason is not null).Select(v => v.Number).ToArray(),
                verdicts.Count + planned.Count > 0);
        });

    /// <summary>Gives a trial of a dead worker to whoever comes next, if it is still as it was seen.</summary>
    public void TakeFrom(StoredTrial seen) => database.Run(transaction => transaction.Execute(
        "UPDATE dmcp_trials SET worker = NULL, beat = beat + 1, losses = losses + 1, " +
        "state = CASE WHEN losses + 1 >= @most THEN 'Failed' ELSE 'Waiting' END, " +
        $"ended = CASE WHEN losses + 1 >= @most THEN {database.Now} ELSE NULL END, " +
        "reason = CASE WHEN losses + 1 >= @most THEN @reason ELSE NULL END " +
        "WHERE experiment = @name AND number = @number AND state = 'Running' AND worker = @worker AND beat = @beat",
        ("name", name), ("number", seen.Number), ("worker", seen.Worker), ("beat", seen.Beat), ("most", MostLosses),
        ("reason", $"{MostLosses} workers ended while they had it, without getting further: is there enough memory?")));

    /// <summary>A sign of life; false where the trial is somebody else's by now.</summary>
    public bool Beat(int number, double seconds, DmcpTrialProgress? progress) => Update(number,
        "beat = beat + 1, seconds = seconds + @seconds, progress = @progress", ("seconds", seconds), ("progress", progress is null
            ? null : JsonSerializer.Serialize(progress, StoreJson.Default.DmcpTrialProgress)));

    /// <summary>Keeps a point of a trial's curves; a run that resumes may bring it again.</summary>
    /// <returns>False where the trial is somebody else's by now.</returns>
    public bool Add(int number, DmcpEpoch epoch) => database.Run(transaction =>
    {
        if (!Update(transaction, number, "losses = 0"))
            return false;
        transaction.Execute(
            "INSERT INTO dmcp_epochs (experiment, number, phase, epoch, loss, accuracy, validation) " +
            "VALUES (@name, @number, @phase, @epoch, @loss, @accuracy, @validation) ON CONFLICT (experiment, number, phase, epoch) " +
            "DO UPDATE SET loss = excluded.loss, accuracy = excluded.accuracy, validation = excluded.validation",
            ("name", name), ("number", number), ("phase", epoch.Phase.ToString()), ("epoch", epoch.Epoch), ("loss", epoch.Loss),
            ("accuracy", epoch.Accuracy), ("validation", epoch.ValidationAccuracy));
        return true;
    });

    /// <summary>Keeps the widths that a trial has found.</summary>
    public bool Found(int number, ChannelConfig config, double cost) => Update(number, "config = @config, cost = @cost, losses = 0",
        ("config", config.ToJson()), ("cost", cost));

    /// <summary>Puts a trial down that is to be compared with others, or that somebody may go on with.</summary>
    public bool Release(int number, DmcpTrialState state, int trainedEpochs) => Update(number,
        "state = @state, trained_epochs = @epochs, worker = NULL, progress = NULL", ("state", state.ToString()), ("epochs", trainedEpochs));

    /// <summary>Ends a trial.</summary>
    public bool End(int number, DmcpTrialState state, int trainedEpochs, DmcpTrialMetrics? metrics, string? reason) => Update(number,
        "state = @state, trained_epochs = @epochs, metrics = @metrics, reason = @reason, worker = NULL, progress = NULL, " +
        $"ended = {database.Now}",
        ("state", state.ToString()), ("epochs", trainedEpochs), ("reason", reason),
        ("metrics", metrics is null ? null : JsonSerializer.Serialize(metrics, StoreJson.Default.DmcpTrialMetrics)));

    private IReadOnlyList<StoredTrial> Read(StoreTransaction transaction, string? where, int number = 0)
    {
        var epochs = transaction.Query(
            $"SELECT {TrialReader.EpochColumns} FROM dmcp_epochs WHERE experiment = @name {where} ORDER BY number, phase, epoch",
            _reader.ReadEpoch, ("name", name), ("number", number)).ToLookup(e => e.Number, e => e.Epoch);
        return transaction.Query($"SELECT {TrialReader.Columns} FROM dmcp_trials WHERE experiment = @name {where} ORDER BY number",
            _reader.Read, ("name", name), ("number", number)).Select(t => t with { Epochs = epochs[t.Number].ToArray() }).ToArray();
    }

    private IReadOnlyList<StoredTrial> ReadAll(StoreTransaction transaction) => Read(transaction, null);

    private StoredTrial ReadOne(StoreTransaction transaction, int number) => Read(transaction, "AND number = @number", number).Single();

    private void Apply(StoreTransaction transaction, Verdict verdict) => transaction.Execute(
        verdict.Reason is null
            ? "UPDATE dmcp_trials SET state = 'Waiting' WHERE experiment = @name AND number = @number AND state = 'Paused'"
            : $"UPDATE dmcp_trials SET state = 'Stopped', reason = @reason, ended = {database.Now} " +
                "WHERE experiment = @name AND number = @number AND state = 'Paused'",
        ("name", name), ("number", verdict.Number), ("reason", verdict.Reason));

    private void Insert(StoreTransaction transaction, int number, PlannedTrial trial) => transaction.Execute(
        "INSERT INTO dmcp_trials (experiment, number, network, method, budget, seed, state, neighbour) " +
        "VALUES (@name, @number, @network, @method, @budget, @seed, 'Waiting', @neighbour)",
        ("name", name), ("number", number), ("network", trial.Network), ("method", trial.Method.ToString()), ("budget", trial.Amount),
        ("seed", trial.Seed), ("neighbour", trial.Neighbour));

    private bool Update(int number, string changes, params (string Name, object? Value)[] parameters) =>
        database.Run(transaction => Update(transaction, number, changes, parameters));

    /// <summary>Changes a trial of this worker; false where it is somebody else's by now.</summary>
    private bool Update(StoreTransaction transaction, int number, string changes, params (string Name, object? Value)[] parameters) =>
        transaction.Execute(
            $"UPDATE dmcp_trials SET {changes} WHERE experiment = @name AND number = @number AND worker = @worker AND state = 'Running'",
            [("name", name), ("number", number), ("worker", worker), .. parameters]) == 1;

    private void RequireSame(SortedDictionary<string, string> there, SortedDictionary<string, string> here)
    {
        foreach (var setting in there.Keys.Union(here.Keys))
            if (there.GetValueOrDefault(setting) is var before && here.GetValueOrDefault(setting) is var now && before != now)
                throw new InvalidOperationException(
                    $"{database.Name} holds experiment '{name}' with other settings: there {setting} was '{before ?? "not set"}', " +
                    $"now it is '{now ?? "not set"}'. Go on with the settings as they were, or give another Name and CheckpointFolder.");
    }
}
