using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Optimization;

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
            LearnFromGivenWeights(training);
        Arrange(options, options.Sorts(origin));
    }

    /// <summary>Gives the channels of given weights their order.</summary>
    /// <param name="options">Of the search.</param>
    /// <param name="sorts">Whether the order may change.</param>
    protected virtual void Arrange(SandwichSearchOptions options, bool sorts)
    {
        if (!sorts)
            return;
        using var loss = new ClassificationLoss(options, Task.Images.Set, Network.Device, Task.Images.Ranks);
        ChannelSorting.Run(Network, loss, Task.Images, Task.Seed, Task.Log);
    }

    /// <summary>Lets a training learn from the network of the given weights, as it was.</summary>
    /// <exception cref="InvalidOperationException">They have no classifier for these classes.</exception>
    protected void LearnFromGivenWeights(TrainingRun training)
    {
        _teacher = FrozenTeacher.Load(
            _options.WeightsPath!, Task.Network, Task.Images, _options.CalibrationBatches, new RandomSource(Task.Seed), Task.Log);
        training.Teacher = _teacher;
    }

    protected override void Train()
    {
        if (Training is not { } run)
            return;
        _isSaved = new TrainingLoop(_options, Task.Images, Random, Task.Log).Run(run, CheckpointOfRun());
        FiniteNetwork.RequireWeights(Network, _options);
    }

    /// <summary>
    /// Compares found widths with uniform ones on images, logs it, and gives the widths that the options want with what to say of them.
    /// </summary>
    /// <param name="found">The found widths.</param>
    /// <param name="images">Those to evaluate on; null for some of the training images.</param>
    /// <param name="fallsBack">Whether the better widths are given.</param>
    protected (int[] Widths, UniformComparison Comparison) CompareWithUniform(int[] found, ImageBatches? images, bool fallsBack)
    {
        var evaluated = images ?? Task.Images with { Set = Task.Images.Set.Sample(EvaluatedImages, new RandomSource(Task.Seed)) };
        var uniform = WidthAllocation.Uniform(Task.Network, Allowed, Limits).Widths;
        var right = Correct(uniform);
        var comparison = UniformComparison.Of(Correct(found), right, images is not null, fallsBack);
        Task.Log.Info($"With the weights of the search and calibrated batch norms {comparison}.");
        if (comparison.KeptUniform)
            Task.Log.Warning("The search found nothing better than the uniform widths, which it gives in place of its own " +
                "(FallBackToUniform).");
        return (comparison.KeptUniform ? uniform : found, comparison);

        bool[] Correct(int[] widths)
        {
            NormCalibration.Run(Network, widths, Task.Images, _options.CalibrationBatches, new RandomSource(Task.Seed), Task.Log);
            return Evaluation.Correct(Network, widths, evaluated, Task.Log);
        }
    }

    /// <summary>What a channel config says of the comparison; nothing where the found widths stand.</summary>
    protected static (string Name, string Value)[] SettingsOf(UniformComparison comparison) =>
        comparison.KeptUniform ? [("result", "uniform widths")] : [];

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
