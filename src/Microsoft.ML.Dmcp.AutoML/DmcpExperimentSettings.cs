using Microsoft.ML.Dmcp.AutoML.Planning;

namespace Microsoft.ML.Dmcp;

/// <summary>Settings of a <see cref="DmcpExperiment"/>. Those that say so may change when an experiment goes on; others may not.</summary>
public sealed class DmcpExperimentSettings
{
    /// <summary>
    /// Longest time that one <c>Execute</c> works; trials that are not done then wait for the next one. May change. Default 1 day.
    /// </summary>
    public TimeSpan MaxExperimentTime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Most trials of the experiment, stopped and failed ones too; null (default) for as many as the budgets give. May change.
    /// </summary>
    public int? MaxTrials { get; set; }

    /// <summary>
    /// The budgets to try, all of the same metric. Null (default) for the range from <see cref="SmallestBudget"/> to <see
    /// cref="LargestBudget"/>. Those limits are what the front's cost is counted in.
    /// </summary>
    public IReadOnlyList<Budget>? Budgets { get; set; }

    /// <summary>Lower end of the range of budgets. Default a tenth of the FLOPs.</summary>
    public Budget SmallestBudget { get; set; } = Budget.FlopsRatio(0.1);

    /// <summary>Upper end of the range of budgets. Default three quarters of the FLOPs.</summary>
    public Budget LargestBudget { get; set; } = Budget.FlopsRatio(0.75);

    /// <summary>The unpruned networks, with names of their own. Default <c>NetworkZoo.CifarResNet(20)</c>.</summary>
    public IReadOnlyList<DmcpNetwork> Networks { get; set; } = [NetworkZoo.CifarResNet(20)];

    /// <summary>The methods, each of which gets a trial at every budget. Default DMCP and uniform widths.</summary>
    public IReadOnlyList<DmcpTrialMethod> Methods { get; set; } = [DmcpTrialMethod.Dmcp, DmcpTrialMethod.Uniform];

    /// <summary>Seeds: everything is done with each. Default 1.</summary>
    public IReadOnlyList<int> Seeds { get; set; } = [1];

    /// <summary>What decides between models. May change. Default the share of images that are classified correctly.</summary>
    public DmcpMetric OptimizingMetric { get; set; } = DmcpMetric.MicroAccuracy;

    /// <summary>
    /// Epochs of the shared weights, once for every network and seed; of a pre-trained network as many for the whole one before.
    /// Default 30.
    /// </summary>
    public int SharedEpochs { get; set; } = 30;

    /// <summary>Epochs of α, once for every budget. Default 5.</summary>
    public int SearchEpochs { get; set; } = 5;

    /// <summary>Epochs of the training of a found network. Default 30.</summary>
    public int TrainingEpochs { get; set; } = 30;

    /// <summary>
    /// Whether trials are compared after a quarter and half of their training: of those of one budget the better half goes on, unless one
    /// of a smaller budget is better (successive halving). On by default.
    /// </summary>
    public bool StopEarly { get; set; } = true;

    /// <summary>
    /// How the found networks are trained. Default null: from scratch where the network is fresh, by fine-tuning where it is pre-trained.
    /// </summary>
    public RetrainMethod? RetrainMethod { get; set; }

    /// <summary>
    /// Called with the options of every search and training, to set batch size, augmentation, learning rate, threads ...; null (default)
    /// for none. What the experiment itself decides (network, budget, epochs, seed, files, cancellation) it sets afterwards.
    /// </summary>
    public Action<TrainingOptions>? ConfigureTraining { get; set; }

    /// <summary>Share of the training images of every class that is put aside where no validation images are given. Default 0.2.</summary>
    public double ValidationFraction { get; set; } = 0.2;

    /// <summary>
    /// Folder of checkpoints and models; several machines need one that all of them reach. Default <c>dmcp-experiment</c> in the working
    /// folder.
    /// </summary>
    public string CheckpointFolder { get; set; } = "dmcp-experiment";

    /// <summary>
    /// Where trials are kept; null (default) for the SQLite file <c>experiment.db</c> in the <see cref="CheckpointFolder"/>.
    /// </summary>
    public DmcpStore? Store { get; set; }

    /// <summary>Name of the experiment in its store. Default "experiment".</summary>
    public string Name { get; set; } = "experiment";

    /// <summary>
    /// How long a worker may give no sign of life until another one takes over its trial from its checkpoint, on the clock of who waits. It
    /// gives four signs in that time. May change. Default 20 seconds.
    /// </summary>
    public TimeSpan WorkerTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Ends the experiment, which the same <c>Execute</c> resumes where it was: as in ML.NET's AutoML, what is there already is given back.
    /// May change.
    /// </summary>
    public CancellationToken CancellationToken { get; set; }

    internal DmcpStore ActualStore => Store ?? DmcpStore.Sqlite(Path.Combine(CheckpointFolder, "experiment.db"));

    internal BudgetAxis Axis => new(this);

    /// <summary>The settings as they are now, which later changes do not reach.</summary>
    internal DmcpExperimentSettings Copy() => (DmcpExperimentSettings)MemberwiseClone();

    /// <summary>Checks every setting.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range; the message names it, its value and the range.</exception>
    /// <exception cref="FileNotFoundException">The file of weights of a network does not exist.</exception>
    internal void Check()
    {
        Require(MaxExperimentTime > TimeSpan.Zero, nameof(MaxExperimentTime), MaxExperimentTime, "a positive time");
        Require(MaxTrials is null or >= 1, nameof(MaxTrials), MaxTrials, "1 or more, or null");
        Require(Networks is { Count: > 0 } && Networks.All(n => n?.Architecture is not null), nameof(Networks), "without one",
            "one architecture or more, such as NetworkZoo.CifarResNet(20)");
        Require(Networks!.Select(n => n.Name).Distinct().Count() == Networks!.Count, nameof(Networks), "with a name twice",
            "networks with names of their own");
        Require(Methods is { Count: > 0 } && Methods.Distinct().Count() == Methods.Count && Methods.All(IsMethod), nameof(Methods),
            Methods is null ? null : string.Join(", ", Methods), "one or more of Dmcp, Uniform and GlobalPruning, each once");
        Require(Seeds is { Count: > 0 } && Seeds.Distinct().Count() == Seeds.Count, nameof(Seeds),
            Seeds is null ? null : string.Join(", ", Seeds), "one or more, each once");
        Require(Enum.IsDefined(OptimizingMetric), nameof(OptimizingMetric), OptimizingMetric,
            string.Join(", ", Enum.GetNames<DmcpMetric>()));
        Require(SharedEpochs >= 1, nameof(SharedEpochs), SharedEpochs, "1 or more");
        Require(SearchEpochs >= 1, nameof(SearchEpochs), SearchEpochs, "1 or more");
        Require(TrainingEpochs >= 1, nameof(TrainingEpochs), TrainingEpochs, "1 or more");
        Require(RetrainMethod is null or Dmcp.RetrainMethod.FromScratch or Dmcp.RetrainMethod.FineTuning, nameof(RetrainMethod),
            RetrainMethod, "FromScratch, FineTuning or null");
        Require(ValidationFraction is > 0 and < 1, nameof(ValidationFraction), ValidationFraction, "a share in (0, 1)");
        Require(!string.IsNullOrWhiteSpace(CheckpointFolder), nameof(CheckpointFolder), $"'{CheckpointFolder}'", "the name of a folder");
        Require(!string.IsNullOrWhiteSpace(Name) && Name.Length <= 200 && !Name.Any(char.IsControl), nameof(Name), $"'{Name}'",
            "1 to 200 characters, none of them a control character");
        Require(WorkerTimeout >= TimeSpan.FromMilliseconds(200), nameof(WorkerTimeout), WorkerTimeout, "0.2 seconds or more");
        foreach (var network in Networks!)
            if (network.WeightsPath is { } path && !File.Exists(path))
                throw new FileNotFoundException($"There is no file '{path}' of weights for network '{network.Name}'.", path);
        _ = Axis;
    }

    internal static void Require(bool holds, string name, object? value, string needed)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(
                name, value, FormattableString.Invariant($"{name} is {value ?? "null"}; needed is {needed}."));
    }

    private static bool IsMethod(DmcpTrialMethod method) => Enum.IsDefined(method) && method != DmcpTrialMethod.SharedWeights;
}
