using System.Globalization;
using Microsoft.ML.Dmcp.AutoML.Store;

namespace Microsoft.ML.Dmcp.AutoML.Planning;

/// <summary>
/// Successive halving (Jamieson and Talwalkar 2016): after a quarter and half of the epochs the trials of one budget are compared, and the
/// better half goes on, unless one of a smaller budget was better than that by more than the noise.
/// </summary>
/// <param name="settings">Of the experiment; checked.</param>
/// <param name="validationImages">How many images accuracies are of.</param>
internal sealed class Halving(DmcpExperimentSettings settings, int validationImages)
{
    // A difference of two accuracies that is no accident.
    private const double StandardErrors = 2;

    /// <summary>Until which epoch a trial is trained before it is compared, or to the end.</summary>
    /// <param name="epochs">How many it has.</param>
    public int NextStop(int epochs) => Stops.Append(settings.TrainingEpochs).First(stop => stop > epochs);

    private IEnumerable<int> Stops => settings.StopEarly && settings.TrainingEpochs >= 4
        ? [settings.TrainingEpochs / 4, settings.TrainingEpochs / 2]
        : [];

    /// <summary>The verdicts on all paused trials whose rivals have got as far.</summary>
    /// <param name="trials">All that the store holds.</param>
    public IReadOnlyList<Verdict> On(IReadOnlyList<StoredTrial> trials) => trials
        .Where(t => t.Method != DmcpTrialMethod.SharedWeights).GroupBy(t => t.Amount).SelectMany(rivals => On(rivals, trials)).ToArray();

    private IEnumerable<Verdict> On(IGrouping<double, StoredTrial> rivals, IReadOnlyList<StoredTrial> trials)
    {
        var running = rivals.Where(t => !t.IsOver).ToArray();
        var epochs = running.Select(t => t.TrainedEpochs).DefaultIfEmpty().Min();
        var paused = running.Where(t => t.State == DmcpTrialState.Paused && t.TrainedEpochs == epochs).ToArray();
        var ranked = paused.OrderByDescending(t => t.AccuracyAfter(epochs)).ThenBy(t => t.Cost).ThenBy(t => t.Number).ToArray();
        var kept = (ranked.Length + 1) / 2;
        return ranked.Select((trial, rank) => new Verdict(trial.Number,
            rank >= kept ? Reason(trial, ranked[0], epochs, "at the same budget") : Cheaper(trial, epochs, trials)));
    }

    /// <summary>Why a trial stops: for one of a smaller budget, all of which came before it.</summary>
    private string? Cheaper(StoredTrial trial, int epochs, IReadOnlyList<StoredTrial> trials)
    {
        var cheaper = trials.Where(t => t.Method != DmcpTrialMethod.SharedWeights && t.Amount < trial.Amount && t.Number < trial.Number);
        var best = cheaper.Where(t => t.AccuracyAfter(epochs) is not null).MaxBy(t => t.AccuracyAfter(epochs));
        if (best is null || !(trial.AccuracyAfter(epochs) is { } here && best.AccuracyAfter(epochs) is { } there))
            return null;
        var noise = Math.Sqrt((here * (1 - here) + there * (1 - there)) / validationImages);
        return there - here > StandardErrors * noise ? Reason(trial, best, epochs, "at a smaller budget") : null;
    }

    private string Reason(StoredTrial trial, StoredTrial better, int epochs, string where) => string.Create(CultureInfo.InvariantCulture,
        $"after {epochs} of {settings.TrainingEpochs} epochs its accuracy was {100 * trial.AccuracyAfter(epochs):0.0} %, " +
        $"that of trial {better.Number} {where} {100 * better.AccuracyAfter(epochs):0.0} %");
}
