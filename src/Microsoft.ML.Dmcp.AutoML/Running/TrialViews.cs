using Microsoft.ML.Dmcp.AutoML.Planning;
using Microsoft.ML.Dmcp.AutoML.Store;

namespace Microsoft.ML.Dmcp.AutoML.Running;

/// <summary>Makes what users see of what the store holds.</summary>
/// <param name="settings">Of the experiment; checked.</param>
/// <param name="folder">Where models are.</param>
/// <param name="models">Loads them.</param>
/// <param name="store">What messages call the store.</param>
internal sealed class TrialViews(DmcpExperimentSettings settings, ExperimentFolder folder, ModelOperationsCatalog models, string store)
{
    private readonly BudgetAxis _axis = settings.Axis;

    /// <exception cref="FormatException">The trial is none of this experiment's.</exception>
    public DmcpTrial Of(StoredTrial trial)
    {
        var isShared = trial.Method == DmcpTrialMethod.SharedWeights;
        var budget = isShared ? null : _axis.Find(trial.Amount);
        if (settings.Networks.All(n => n.Name != trial.Network) || isShared == budget is not null)
            throw new FormatException(FormattableString.Invariant(
                $"{store}: trial {trial.Number} is of network '{trial.Network}' and budget {trial.Amount}, ") +
                "which are not this experiment's: give the settings that it was begun with.");
        return new DmcpTrial(() => Load(trial))
        {
            Number = trial.Number,
            Network = trial.Network,
            Method = trial.Method,
            Budget = budget,
            Seed = trial.Seed,
            State = trial.State,
            Reason = trial.Reason,
            Neighbour = trial.Neighbour,
            ChannelConfig = trial.Config,
            Cost = trial.Cost,
            ValidationMetrics = trial.Metrics,
            Epochs = trial.Epochs,
            Progress = trial.Progress,
            RuntimeInSeconds = trial.Seconds,
            Started = TimeOf(trial.Started),
            Ended = TimeOf(trial.Ended),
            ModelPath = trial.Metrics is null ? null : folder.ModelOf(trial.Number),
        };
    }

    private ITransformer Load(StoredTrial trial)
    {
        if (trial.Metrics is null)
            throw new InvalidOperationException(
                $"Trial {trial.Number} has no model: it is {trial.State.ToString().ToLowerInvariant()}" +
                $"{(trial.Reason is null ? "" : $", {trial.Reason}")}.");
        var path = folder.ModelOf(trial.Number);
        return File.Exists(path) ? models.Load(path, out _)
            : throw new FileNotFoundException($"The model of trial {trial.Number}, '{path}', is gone.", path);
    }

    private static DateTimeOffset? TimeOf(double? seconds) =>
        seconds is >= 0 and < 253402300799 ? DateTimeOffset.FromUnixTimeMilliseconds((long)(1000 * seconds.Value)) : null;
}
