using Microsoft.ML.Dmcp.AutoML.Store;

namespace Microsoft.ML.Dmcp.AutoML.Planning;

/// <summary>
/// What is to be done next, as a function of what the store holds: whoever asks, and after whatever kill, the answer is the same.
/// </summary>
/// <param name="settings">Of the experiment; checked.</param>
internal sealed class ExperimentPlan(DmcpExperimentSettings settings)
{
    private readonly BudgetAxis _axis = settings.Axis;

    /// <summary>
    /// The next trials, once those that are there are begun: the shared weights, then one budget after another, at each of which every
    /// network, method and seed gets a trial. None where the experiment has all its trials, or where the shared weights are not done.
    /// </summary>
    /// <param name="trials">All that the store holds.</param>
    public IReadOnlyList<PlannedTrial> Next(IReadOnlyList<StoredTrial> trials)
    {
        var shared = settings.Networks.Where(NeedsSharedWeights)
            .SelectMany(n => settings.Seeds, (n, seed) => new PlannedTrial(n.Name, DmcpTrialMethod.SharedWeights, 0, seed, null))
            .Where(p => !trials.Any(t => (t.Network, t.Method, t.Seed) == (p.Network, p.Method, p.Seed)))
            .ToArray();
        if (shared.Length > 0)
            return shared;
        var weights = trials.Where(t => t.Method == DmcpTrialMethod.SharedWeights).ToArray();
        var ofBudgets = trials.Except(weights).ToArray();
        var left = (settings.MaxTrials ?? int.MaxValue) - ofBudgets.Length;
        if (left <= 0 || weights.Any(t => !t.IsOver))
            return [];
        // A budget may lack trials where MaxTrials was raised since.
        var begun = ofBudgets.Select(t => t.Amount).Distinct().SelectMany(amount => At(amount, trials)).ToArray();
        if (begun.Length > 0)
            return begun.Take(left).ToArray();
        return NextAmount(ofBudgets) is { } next ? At(next, trials).Take(left).ToArray() : [];
    }

    /// <summary>The trials of a budget that are not there yet.</summary>
    private IEnumerable<PlannedTrial> At(double amount, IReadOnlyList<StoredTrial> trials) =>
        from network in settings.Networks
        from seed in settings.Seeds
        from method in settings.Methods
        let ofNetwork = trials.Where(t => t.Network == network.Name && t.Seed == seed)
        where !ofNetwork.Any(t => t is { Method: DmcpTrialMethod.SharedWeights, State: DmcpTrialState.Failed })
            && !ofNetwork.Any(t => t.Method == method && t.Amount == amount)
        select new PlannedTrial(network.Name, method, amount, seed,
            method == DmcpTrialMethod.Dmcp ? NeighbourOf(ofNetwork, amount) : null);

    /// <summary>Whether a network's trials need weights that are trained before.</summary>
    public bool NeedsSharedWeights(DmcpNetwork network) => network.WeightsPath is not null
        || settings.Methods.Any(m => m != DmcpTrialMethod.Uniform)
        || settings.RetrainMethod == RetrainMethod.FineTuning;

    /// <summary>The next budget: the ends, then the middle of the largest gap of the front; null when there is no gap left.</summary>
    private double? NextAmount(IReadOnlyList<StoredTrial> trials)
    {
        var tried = trials.Select(t => t.Amount).Distinct().Order().ToArray();
        // The largest first: what it finds is a better start for smaller ones than the other way round.
        if (!tried.Contains(_axis.Largest))
            return _axis.Largest;
        if (!tried.Contains(_axis.Smallest))
            return _axis.Smallest;
        var quality = Interpolated(tried.Select(amount => BestAt(amount, trials)).ToArray(), tried);
        var (width, height) = (Math.Log(_axis.Largest / _axis.Smallest), quality.Max() - quality.Min());
        var gaps =
            from i in Enumerable.Range(0, tried.Length - 1)
            let between = _axis.Between(tried[i], tried[i + 1])
            where between is not null
            let rise = height > 0 ? (quality[i + 1] - quality[i]) / height : 0
            orderby double.Hypot(Math.Log(tried[i + 1] / tried[i]) / width, rise) descending, tried[i]
            select between;
        return gaps.FirstOrDefault();
    }

    private double? BestAt(double amount, IEnumerable<StoredTrial> trials) => trials
        .Where(t => t.Amount == amount).Max(t => t.Metrics?.QualityOf(settings.OptimizingMetric));

    /// <summary>Budgets without a result yet lie on the line between their neighbours with one.</summary>
    private static double[] Interpolated(double?[] quality, double[] amounts)
    {
        var known = Enumerable.Range(0, quality.Length).Where(i => quality[i] is not null).ToArray();
        return Enumerable.Range(0, quality.Length).Select(At).ToArray();

        double At(int i)
        {
            if (known.Length == 0)
                return 0;
            var below = known.Where(k => k <= i).Cast<int?>().LastOrDefault();
            var above = known.Where(k => k >= i).Cast<int?>().FirstOrDefault();
            if (below is not { } b || above is not { } a || a == b)
                return quality[(below ?? above)!.Value]!.Value;
            var share = Math.Log(amounts[i] / amounts[b]) / Math.Log(amounts[a] / amounts[b]);
            return quality[b]!.Value + share * (quality[a]!.Value - quality[b]!.Value);
        }
    }

    /// <summary>The search of the nearest budget that is done; of two equally near ones the first.</summary>
    private static int? NeighbourOf(IEnumerable<StoredTrial> ofNetwork, double amount) => ofNetwork
        .Where(t => t.Method == DmcpTrialMethod.Dmcp && t.Config is not null)
        .OrderBy(t => Math.Abs(Math.Log(t.Amount / amount))).ThenBy(t => t.Number)
        .Select(t => (int?)t.Number).FirstOrDefault();
}
