using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Evaluations;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>
/// A method that trains: it says how one iteration does (<see cref="TrainingRun.Step"/>) and what comes out in the end
/// (<see cref="ChannelSearch.Choose"/>).
/// </summary>
internal abstract class TrainedSearch : ChannelSearch
{
    private readonly ChannelSearchOptions _options;
    private bool _isSaved;
    private FrozenTeacher? _teacher;

    /// <inheritdoc/>
    protected TrainedSearch(SearchTask task, ChannelSearchOptions options, IReadOnlyList<int>? narrowest = null)
        : base(task, options, narrowest) =>
        _options = options;

    /// <summary>The training; null where given weights are taken as they are.</summary>
    public abstract TrainingRun? Training { get; }

    public override string? TeacherFile => _teacher is null ? null : _options.WeightsPath;

    public override string? WeightsFile => Training is null ? base.WeightsFile : _isSaved ? _options.CheckpointPath : null;

    public override void Dispose()
    {
        Training?.Dispose();
        _teacher?.Dispose();
        base.Dispose();
    }

    protected override void Begin(CheckpointIdentity origin)
    {
        if (_options is not SandwichSearchOptions options || Training is not { } training)
            return;
        if (options is { Distillation: true } && (options.FrozenTeacher ?? FrozenTeacher.IsTrained(origin, Network)))
        {
            _teacher = FrozenTeacher.Load(
                options.WeightsPath!, Task.Network, Task.Images, options.CalibrationBatches, new RandomSource(Task.Seed), Task.Log);
            training.Teacher = _teacher;
        }
        if (!options.Sorts(origin))
            return;
        ChannelOrder.Sort(Network);
        Task.Log.Info($"The channels of the weights in '{_options.WeightsPath}' are sorted by importance: the first ones are the best.");
    }

    protected override void Train()
    {
        if (Training is not { } run)
            return;
        _isSaved = new TrainingLoop(_options, Task.Images, Random, Task.Log).Run(run, CheckpointOfRun());
        FiniteNetwork.RequireWeights(Network, _options);
    }

    private Checkpoint? CheckpointOfRun()
    {
        if (_options.CheckpointPath is null)
            return null;
        var settings = _options.ToSettings(Network);
        // Checkpoints from before drew the split from the same numbers as the weights.
        if (Task.IsSplit)
            settings["split"] = "by numbers of its own";
        var kind = $"{_options.MethodName} search";
        return new Checkpoint(_options.CheckpointPath,
            CheckpointIdentity.Of(kind, Task.Seed, Task.Network, Task.AllImages, settings, _options.WeightsPath));
    }
}
