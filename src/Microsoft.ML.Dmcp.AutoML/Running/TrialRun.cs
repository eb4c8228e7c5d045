using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.AutoML.Data;
using Microsoft.ML.Dmcp.AutoML.Planning;
using Microsoft.ML.Dmcp.AutoML.Store;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp.AutoML.Running;

/// <summary>Finds the widths of a trial, and trains its network until it is compared with others or done.</summary>
internal sealed class TrialRun(
    IHostEnvironment env, MulticlassClassificationCatalog catalog, DmcpExperimentSettings settings, ExperimentImages images,
    ExperimentFolder folder)
{
    private readonly TrialOptions _options = new(settings, images);
    private readonly Halving _halving = new(settings, images.Validation.Count);
    private readonly BudgetAxis _axis = settings.Axis;
    private readonly TransformsCatalog _transforms = MLNetInternals.Transforms(env);
    private readonly ModelOperationsCatalog _models = MLNetInternals.Models(env);

    /// <summary>Works on a trial and puts it down.</summary>
    /// <param name="lease">The trial.</param>
    /// <param name="shared">Number of the run that trained what it shares; null where its network needs nothing.</param>
    public void Run(TrialLease lease, int? shared)
    {
        var trial = lease.Trial;
        var network = settings.Networks.Single(n => n.Name == trial.Network);
        var weights = WeightsOf(network, trial.Method, shared);
        var config = trial.Config ?? Search(lease, network, weights);
        var stop = _halving.NextStop(trial.TrainedEpochs);
        if (stop == settings.TrainingEpochs)
            Finish(lease, network, config, weights);
        else
            Pause(lease, network, config, weights, stop);
    }

    private ChannelConfig Search(TrialLease lease, DmcpNetwork network, string? weights)
    {
        var trial = lease.Trial;
        var unpruned = images.Describe(network.Architecture);
        var budget = _axis.Find(trial.Amount)!;
        var config = trial.Method switch
        {
            DmcpTrialMethod.Dmcp => SearchDmcp(lease, network, budget, weights!),
            DmcpTrialMethod.GlobalPruning => Prune(lease, network, budget, weights!),
            _ => UniformScaling.Find(unpruned, budget, TrialOptions.Configured<DmcpSearchOptions>(settings).WidthMultiple),
        };
        var cost = CostLimit.CostOf(_axis.Metric, unpruned, _axis.Table).Count(config.WidthsFor(unpruned)) * 1e-6;
        lease.Change(store => store.Found(trial.Number, config, cost));
        return config;
    }

    private ChannelConfig SearchDmcp(TrialLease lease, DmcpNetwork network, Budget budget, string weights)
    {
        var trial = lease.Trial;
        var options = _options.Begin<DmcpSearchOptions>(trial.Seed, lease, folder.SearchCheckpointOf(trial.Number), settings.SearchEpochs);
        (options.Network, options.Budget, options.WeightsPath) = (network.Architecture, budget, weights);
        (options.Widths, options.WarmUpShare, options.WeightsTrainDuringSearch) = (_options.WidthsOf(network), 0, false);
        options.MetricsCallback = progress => lease.Observe(progress, TrainingPhase.Search);
        if (trial.Neighbour is { } neighbour)
            ((DmcpSearchTransformer)_models.Load(folder.SearchOf(neighbour), out _)).Begin(options);
        var found = _transforms.DmcpSearch(options).Fit(images.TrainingView);
        DurableFile.Write(folder.SearchOf(trial.Number), stream => _models.Save(found, null, stream));
        return found.ChannelConfig;
    }

    private ChannelConfig Prune(TrialLease lease, DmcpNetwork network, Budget budget, string weights)
    {
        // Given weights are taken as they are: no epoch is trained.
        var options = _options.Begin<FilterPruningOptions>(lease.Trial.Seed, lease, folder.SearchCheckpointOf(lease.Trial.Number), 1);
        (options.Network, options.Budget, options.WeightsPath) = (network.Architecture, budget, weights);
        (options.Scope, options.Criterion) = (PruningScope.Global, FilterCriterion.Taylor);
        return _transforms.FilterPruning(options).Fit(images.TrainingView).ChannelConfig;
    }

    /// <summary>Trains up to an epoch; all before it stays in the checkpoint.</summary>
    private void Pause(TrialLease lease, DmcpNetwork network, ChannelConfig config, string? weights, int stop)
    {
        var trial = lease.Trial;
        // A worker may have come so far and died before it could say so.
        if (trial.AccuracyAfter(stop) is null)
        {
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(lease.Token);
            var options = TrainingOf(lease, network, config, weights);
            options.CancellationToken = pause.Token;
            options.MetricsCallback = progress =>
            {
                lease.Observe(progress, TrainingPhase.Retrain);
                if (progress.EndsEpoch && progress.Epoch >= stop)
                    pause.Cancel();
            };
            try
            {
                _transforms.PrunedRetrain(options).Fit(images.TrainingView).Dispose();
            }
            catch (OperationCanceledException) when (!lease.Token.IsCancellationRequested)
            {
            }
        }
        lease.Beat();
        lease.Change(store => store.Release(trial.Number, DmcpTrialState.Paused, stop));
    }

    private void Finish(TrialLease lease, DmcpNetwork network, ChannelConfig config, string? weights)
    {
        var trial = lease.Trial;
        var options = TrainingOf(lease, network, config, weights);
        options.MetricsCallback = progress => lease.Observe(progress, TrainingPhase.Retrain);
        using var trained = _transforms.PrunedRetrain(options).Fit(images.TrainingView);
        var model = new TransformerChain<ITransformer>([.. (TransformerChain<ITransformer>)images.Prepare, trained]);
        DurableFile.Write(folder.ModelOf(trial.Number), stream => _models.Save(model, images.InputSchema, stream));
        var metrics = Measure(trained);
        lease.Beat();
        lease.Change(store => store.End(trial.Number, DmcpTrialState.Completed, settings.TrainingEpochs, metrics, null));
        folder.Tidy(trial.Number);
    }

    private PrunedRetrainOptions TrainingOf(TrialLease lease, DmcpNetwork network, ChannelConfig config, string? weights)
    {
        var trial = lease.Trial;
        var options = _options.Begin<PrunedRetrainOptions>(
            trial.Seed, lease, folder.TrainingCheckpointOf(trial.Number), settings.TrainingEpochs);
        (options.Network, options.ChannelConfig) = (network.Architecture, config);
        (options.ValidationSet, options.KeepBestEpoch) = (images.ValidationView, false);
        options.Method = settings.RetrainMethod
            ?? (network.WeightsPath is null ? RetrainMethod.FromScratch : RetrainMethod.FineTuning);
        if (options.Method != RetrainMethod.FineTuning)
            return options;
        options.WeightsPath = weights;
        var whole = Path.Combine(Path.GetDirectoryName(weights)!, Path.GetFileName(folder.WholeOf(0)));
        options.TeacherPath = File.Exists(whole) ? whole : null;
        return options;
    }

    /// <summary>What a trial begins with: DMCP's is where sub-networks of all widths were trained, the others' the whole network.</summary>
    private string? WeightsOf(DmcpNetwork network, DmcpTrialMethod method, int? shared) => shared is not { } number ? null
        : method == DmcpTrialMethod.Dmcp || network.WeightsPath is null ? folder.SharedOf(number) : folder.WholeOf(number);

    private DmcpTrialMetrics Measure(PrunedNetworkTransformer trained)
    {
        var metrics = catalog.Evaluate(trained.Transform(images.ValidationView), images.LabelColumn);
        return new DmcpTrialMetrics(metrics.MicroAccuracy, metrics.MacroAccuracy, metrics.LogLoss, metrics.LogLossReduction,
            metrics.ConfusionMatrix.Counts);
    }
}
