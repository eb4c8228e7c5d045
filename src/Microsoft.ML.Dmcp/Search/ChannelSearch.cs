using System.Globalization;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Evaluations;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>A method that finds which channels to keep: the seam that all of them stand behind.</summary>
internal abstract class ChannelSearch : IDisposable
{
    // Enough for an accuracy to a percent; all images of a large set would take as long as an epoch.
    protected const int EvaluatedImages = 2000;

    // Channels that kernels compute at once, at least: there the times of latency tables hold.
    private const int FastMultiple = 8;

    private readonly ImageRunOptions _options;
    private readonly ISearchOptions _search;

    /// <param name="task">What it works on.</param>
    /// <param name="options">How it searches, <see cref="ISearchOptions"/> too; checked.</param>
    /// <param name="narrowest">The narrowest widths that it can find; null for one channel a group.</param>
    /// <exception cref="BudgetOutOfReachException">No width meets the budget.</exception>
    protected ChannelSearch(SearchTask task, ImageRunOptions options, IReadOnlyList<int>? narrowest = null)
    {
        Task = task;
        _options = options;
        _search = (ISearchOptions)options;
        Random = new RandomSource(task.Seed);
        Allowed = new AllowedWidths(task.Network, _search.WidthMultiple, narrowest);
        Limits = _search.Budget.For(task.Network, Allowed.Narrowest);
    }

    /// <summary>What it works on.</summary>
    protected SearchTask Task { get; }

    /// <summary>Where all that it draws comes from.</summary>
    protected RandomSource Random { get; }

    /// <summary>The widths that the result may have.</summary>
    protected AllowedWidths Allowed { get; }

    /// <summary>The budget.</summary>
    protected CostLimits Limits { get; }

    /// <summary>The weights that the result is found with.</summary>
    public abstract SlimmableNetwork Network { get; }

    /// <summary>The file that holds the weights which the result is of; null for none.</summary>
    public virtual string? WeightsFile => _options.WeightsPath;

    /// <summary>The file of the unpruned network that sub-networks learned from; null for none.</summary>
    public virtual string? TeacherFile => null;

    /// <summary>Searches.</summary>
    /// <exception cref="OperationCanceledException">The run is cancelled.</exception>
    public FoundChannels Run()
    {
        Task.Log.Info(BudgetReport.Of(Task.Network, _search.Budget, Allowed));
        if (Allowed.Multiple < FastMultiple && Limits.Items.Any(limit => limit.Metric == BudgetMetric.Latency))
            Task.Log.Warning("Between multiples of 16 channels (8 where the processor has no AVX-512) a network takes longer than its " +
                "latency table predicts: set WidthMultiple to that.");
        if (_options.WeightsPath is not null)
            Begin(CheckpointFile.LoadWeights(_options.WeightsPath, Network, Task.Log));
        Train();
        return Choose();
    }

    public virtual void Dispose() => Network.Dispose();

    /// <summary>Prepares weights that were given.</summary>
    /// <param name="origin">The run that they are of.</param>
    protected virtual void Begin(CheckpointIdentity origin)
    {
    }

    /// <summary>Trains what the result is found with.</summary>
    protected virtual void Train()
    {
    }

    /// <summary>The result, once all weights are there.</summary>
    protected abstract FoundChannels Choose();

    /// <summary>How the result was found, with what the method adds to its settings.</summary>
    protected SearchMethod Method(params ReadOnlySpan<(string Name, string Value)> more)
    {
        var settings = _options.ToSettings();
        settings["seed"] = Task.Seed.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in more)
            settings[name] = value;
        return new SearchMethod(_search.MethodName, settings);
    }

    /// <summary>
    /// Logs what was found, and how accurate it is with the weights of the search: calibrates its batch norms, and evaluates it on some
    /// training images.
    /// </summary>
    /// <param name="config">The result.</param>
    /// <param name="network">The weights.</param>
    /// <param name="widths">At which widths; null for the full ones.</param>
    protected void Log(ChannelConfig config, SlimmableNetwork network, IReadOnlyList<int>? widths)
    {
        NormCalibration.Run(network, widths, Task.Images, _options.CalibrationBatches, Random, Task.Log);
        var some = Task.Images with { Set = Task.Images.Set.Sample(EvaluatedImages, Random) };
        Log(config, Evaluation.Accuracy(network, widths, some, Task.Log), FormattableString.Invariant($"{some.Set.Count} training images"));
    }

    /// <summary>Logs what was found.</summary>
    /// <param name="config">The result.</param>
    /// <param name="accuracy">With the weights of the search and calibrated batch norms.</param>
    /// <param name="images">On which images.</param>
    protected void Log(ChannelConfig config, double accuracy, string images)
    {
        LogCosts(config);
        Task.Log.Info(string.Create(CultureInfo.InvariantCulture,
            $"With the weights of the search and calibrated batch norms {100 * accuracy:0.0} % of {images} are classified correctly."));
    }

    /// <summary>Logs what a result costs.</summary>
    protected void LogCosts(ChannelConfig config) => Task.Log.Info(string.Create(CultureInfo.InvariantCulture,
        $"Found {config.Flops * 1e-6:0.00} of {config.UnprunedFlops * 1e-6:0.00} MFLOPs, " +
        $"{config.Parameters} of {config.UnprunedParameters} parameters{TimesOf(config)}."));

    /// <summary>The times of the result, where the budget limits one.</summary>
    private string TimesOf(ChannelConfig config)
    {
        var (found, full) = (config.Groups.Select(g => g.Width).ToArray(), Task.Network.FullWidths);
        return string.Concat(Limits.Items.Where(limit => limit.Metric == BudgetMetric.Latency).Select(limit => FormattableString.Invariant(
            $", {limit.Cost.Count(found) * 1e-6:0.000} of {limit.Cost.Count(full) * 1e-6:0.000} ms")));
    }
}
