using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.Dmcp.AutoML.Data;
using Microsoft.ML.Dmcp.AutoML.Planning;
using Microsoft.ML.Dmcp.AutoML.Running;
using Microsoft.ML.Dmcp.AutoML.Store;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// Finds the best pruned networks of images along the front of accuracy against cost: trains the weights of a network once, searches one
/// budget after another on them, each where the front has its largest gap, and trains what was found.
/// </summary>
/// <remarks>
/// Every step is in the store at once. The same <c>Execute</c> in another process goes on where this one was killed, and any number of
/// processes may work on one experiment at the same time.
/// </remarks>
public sealed class DmcpExperiment
{
    private readonly MulticlassClassificationCatalog _catalog;
    private readonly IHost _host;
    private readonly DmcpExperimentSettings _settings;
    private readonly ExperimentFolder _folder;
    private readonly ExperimentStore _store;
    private readonly TrialViews _views;

    internal DmcpExperiment(MulticlassClassificationCatalog catalog, DmcpExperimentSettings settings)
    {
        settings.Check();
        _settings = settings.Copy();
        _catalog = catalog;
        _host = MLNetInternals.Environment(catalog).Register(nameof(DmcpExperiment));
        _folder = new ExperimentFolder(_settings.CheckpointFolder);
        _store = new ExperimentStore(_settings.ActualStore.Database, _settings.Name, Guid.NewGuid().ToString("N"));
        _views = new TrialViews(_settings, _folder, MLNetInternals.Models(_host), _store.Name);
    }

    /// <summary>Runs the experiment, or goes on with it; a share of the images is put aside to compare models on.</summary>
    /// <inheritdoc cref="Execute(IDataView, IDataView, string, string, IEstimator{ITransformer}, IProgress{DmcpTrial})"/>
    public DmcpExperimentResult Execute(
        IDataView trainData, string labelColumnName = "Label", string featureColumnName = "Features",
        IEstimator<ITransformer>? preFeaturizer = null, IProgress<DmcpTrial>? progressHandler = null) =>
        Run(trainData, null, labelColumnName, featureColumnName, preFeaturizer, progressHandler);

    /// <summary>Runs the experiment, or goes on with it.</summary>
    /// <param name="trainData">Labelled images.</param>
    /// <param name="validationData">Others, which models are compared on and never trained on.</param>
    /// <param name="labelColumnName">Name of the column of classes; text and numbers are mapped to keys. Default "Label".</param>
    /// <param name="featureColumnName">Name of the column of images, or of vectors of their pixels. Default "Features".</param>
    /// <param name="preFeaturizer">
    /// What makes that column of the rows, such as <c>LoadImages</c> and <c>ResizeImages</c>; becomes a part of every model. Null (default)
    /// where the rows have it.
    /// </param>
    /// <param name="progressHandler">
    /// Hears of every trial that this process begins, after every epoch, and when it is put down or over. Null (default) for nobody.
    /// </param>
    /// <returns>What was found until all trials were over, or the time was.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type, or no width meets a budget.</exception>
    /// <exception cref="InvalidOperationException">
    /// The store or folder is of another experiment, or all trials failed; the message says what differs or why.
    /// </exception>
    /// <exception cref="IOException">The store or the folder cannot be reached or written.</exception>
    /// <exception cref="FormatException">The store is damaged.</exception>
    /// <exception cref="TimeoutException">The time was over before any trial was completed; the next call goes on.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before any trial was completed; the next call goes on.</exception>
    public DmcpExperimentResult Execute(
        IDataView trainData, IDataView validationData, string labelColumnName = "Label", string featureColumnName = "Features",
        IEstimator<ITransformer>? preFeaturizer = null, IProgress<DmcpTrial>? progressHandler = null)
    {
        ArgumentNullException.ThrowIfNull(validationData);
        return Run(trainData, validationData, labelColumnName, featureColumnName, preFeaturizer, progressHandler);
    }

    /// <summary>What the store holds of the experiment now, whoever works on it; empty where it was never begun.</summary>
    /// <exception cref="IOException">The store cannot be reached.</exception>
    /// <exception cref="FormatException">The store is damaged, or the settings are not those of the experiment.</exception>
    public DmcpExperimentResult ReadResult() => ResultOf(_store.FindId() is null ? [] : _store.Read());

    private DmcpExperimentResult Run(
        IDataView train, IDataView? validation, string label, string features, IEstimator<ITransformer>? preFeaturizer,
        IProgress<DmcpTrial>? observer)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentException.ThrowIfNullOrWhiteSpace(label);
        ArgumentException.ThrowIfNullOrWhiteSpace(features);
        using var channel = _host.Start(nameof(DmcpExperiment));
        using var time = new CancellationTokenSource(
            _settings.MaxExperimentTime < TimeSpan.FromDays(40) ? _settings.MaxExperimentTime : Timeout.InfiniteTimeSpan);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_settings.CancellationToken, time.Token);
        var log = RunLogs.On(_host, channel, end.Token);
        try
        {
            var options = TrialOptions.Configured<PrunedRetrainOptions>(_settings);
            var images = new ImageReading(_host, options, log).Read(
                train, validation, _settings.ValidationFraction, label, features, preFeaturizer);
            CheckBudgets(images);
            BeginOrGoOn(images);
            log.Info($"Experiment '{_settings.Name}' in {_store.Name}, checkpoints in '{_folder.Name}'.");
            WorkerOn(images, trial => observer?.Report(_views.Of(trial)), log).Run(end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return ResultAtTheEnd(isOver: false);
        }
        return ResultAtTheEnd(isOver: true);
    }

    private ExperimentWorker WorkerOn(ExperimentImages images, Action<StoredTrial> report, Runs.RunLog log) => new(
        _settings, _store, _folder, new SharedWeightsRun(_host, _settings, images, _folder),
        new TrialRun(_host, _catalog, _settings, images, _folder), new Halving(_settings, images.Validation.Count), report, log);

    private void BeginOrGoOn(ExperimentImages images)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in images.ToSettings().Concat(new TrialOptions(_settings, images).ToSettings()))
            settings[name] = value;
        settings["networks"] = string.Join(", ", _settings.Networks.Select(n => TextOf(n, images)).Order(StringComparer.Ordinal));
        // Before the store is asked: a worker that begins at the same time tells the store first, then begins trials.
        var hadTrials = _folder.HasTrials;
        var id = _store.Begin(settings, _store.FindId() ?? _folder.NewId(hadTrials));
        _folder.Require(id);
    }

    private void CheckBudgets(ExperimentImages images)
    {
        var axis = _settings.Axis;
        foreach (var network in _settings.Networks)
            foreach (var amount in (double[])[axis.Smallest, axis.Largest])
                new BudgetCheck(images.Describe(network.Architecture), axis.Find(amount)!).Require();
    }

    private static string TextOf(DmcpNetwork network, ExperimentImages images)
    {
        var structure = SHA256.HashData(Encoding.UTF8.GetBytes(images.Describe(network.Architecture).ToJson()));
        var weights = network.WeightsPath is null ? "fresh" : Training.Checkpoints.CheckpointFile.DigestOf(network.WeightsPath)[..16];
        return $"{network.Name} {Convert.ToHexString(structure)[..16]} with {weights} weights";
    }

    private DmcpExperimentResult ResultAtTheEnd(bool isOver)
    {
        var result = ReadResult();
        if (result.BestRun is not null)
            return result;
        if (result.RunDetails.Concat(result.SharedWeights).LastOrDefault(t => t.State == DmcpTrialState.Failed) is { } failed && isOver)
            throw new InvalidOperationException(
                $"No trial of experiment '{_settings.Name}' could be done. The last failure: {failed.Reason}");
        _settings.CancellationToken.ThrowIfCancellationRequested();
        throw new TimeoutException(string.Create(CultureInfo.InvariantCulture,
            $"The time of {_settings.MaxExperimentTime} was over before a trial was completed. Run the experiment again, which goes on, ") +
            "or raise MaxExperimentTime or lower the numbers of epochs.");
    }

    private DmcpExperimentResult ResultOf(IReadOnlyList<StoredTrial> trials) =>
        new(_settings.Name, trials.Select(_views.Of).ToArray(), _settings.OptimizingMetric);
}
