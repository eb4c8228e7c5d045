using System.Globalization;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Evaluations;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>
/// A method that finds which channels to keep: the seam that all of them stand behind. A method says how one iteration trains
/// (<see cref="TrainingRun.Step"/>) and what comes out in the end (<see cref="Choose"/>).
/// </summary>
internal abstract class ChannelSearch : TrainingRun
{
    // Enough to tell an accuracy to a percent; all images of a large set would take as long as an epoch.
    private const int ToldImages = 2000;

    private readonly ChannelSearchOptions _options;
    private bool _isSaved;

    /// <param name="task">What it works on.</param>
    /// <param name="options">How it searches; checked.</param>
    /// <param name="narrowest">The narrowest widths that it can find.</param>
    /// <exception cref="ArgumentOutOfRangeException">No width meets the budget.</exception>
    protected ChannelSearch(SearchTask task, ChannelSearchOptions options, IReadOnlyList<int> narrowest)
    {
        (Task, _options) = (task, options);
        Random = new RandomSource(task.Seed);
        Limits = options.Budget.For(task.Network, narrowest);
        Plan = new EpochPlan(task.Set.Count, options.BatchSize);
    }

    /// <summary>What it works on.</summary>
    protected SearchTask Task { get; }

    /// <summary>Where all that it draws comes from.</summary>
    protected RandomSource Random { get; }

    /// <summary>The budget.</summary>
    protected CostLimits Limits { get; }

    /// <summary>How the images are cut into batches.</summary>
    protected EpochPlan Plan { get; }

    /// <summary>Iterations of the whole search.</summary>
    protected long Iterations => (long)Plan.Batches * _options.NumberOfEpochs;

    /// <summary>Whether it has to train; not where it only looks at given weights.</summary>
    protected virtual bool Trains => true;

    /// <summary>The file that holds the weights which the result is of; null for none.</summary>
    public string? WeightsFile => !Trains ? _options.WeightsPath : _isSaved ? _options.CheckpointPath : null;

    /// <summary>Searches.</summary>
    public FoundChannels Run()
    {
        if (_options.WeightsPath is not null)
            CheckpointFile.LoadWeights(_options.WeightsPath, Network);
        if (Trains)
            Train();
        return Choose();
    }

    private void Train()
    {
        var checkpoint = _options.CheckpointPath is null ? null
            : new Checkpoint(_options.CheckpointPath, CheckpointIdentity.Of($"{_options.MethodName} search", Task.Seed, Task.Network, Task.AllImages, _options.ToSettings(), _options.WeightsPath));
        _isSaved = new TrainingLoop(_options, Task.Set, Task.Batches, Random, Task.Log).Run(this, checkpoint);
        FiniteNetwork.RequireWeights(Network, _options);
    }

    /// <summary>The result, once the training is done.</summary>
    protected abstract FoundChannels Choose();

    /// <summary>How the result was found, with what the method adds to its settings.</summary>
    protected SearchMethod Method(params ReadOnlySpan<(string Name, string Value)> more)
    {
        var settings = _options.ToSettings();
        settings["seed"] = Task.Seed.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in more)
            settings[name] = value;
        return new SearchMethod(_options.MethodName, settings);
    }

    /// <summary>Tells what was found, and how well it does with the weights of the search: calibrates its batch norms, and evaluates it on some training images.</summary>
    /// <param name="config">The result.</param>
    /// <param name="network">The weights.</param>
    /// <param name="widths">At which widths; null for the full ones.</param>
    protected void Tell(ChannelConfig config, SlimmableNetwork network, IReadOnlyList<int>? widths)
    {
        NormCalibration.Run(network, widths, Task.Set, Task.Batches, _options.BatchSize, _options.CalibrationBatches, Random, ThrowIfRunEnds);
        var some = Task.Set.Sample(ToldImages, Random);
        Tell(config, Evaluation.Accuracy(network, widths, some, Task.Batches, _options.BatchSize, ThrowIfRunEnds), FormattableString.Invariant($"{some.Count} training images"));
    }

    private void ThrowIfRunEnds() => Task.Log.ThrowIfRunEnds(_options.CancellationToken);

    /// <summary>Tells what was found.</summary>
    /// <param name="config">The result.</param>
    /// <param name="accuracy">With the weights of the search and calibrated batch norms.</param>
    /// <param name="images">On which images.</param>
    protected void Tell(ChannelConfig config, double accuracy, string images) => Task.Log.Info(string.Create(CultureInfo.InvariantCulture,
        $"Found {config.Flops * 1e-6:0.00} of {config.UnprunedFlops * 1e-6:0.00} MFLOPs, {config.Parameters} of {config.UnprunedParameters} parameters; " +
        $"with the weights of the search and calibrated batch norms {accuracy:0.000} of {images} are classified rightly."));
}
