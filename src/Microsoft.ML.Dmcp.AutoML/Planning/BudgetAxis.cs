namespace Microsoft.ML.Dmcp.AutoML.Planning;

/// <summary>The budgets of an experiment as numbers on one axis: amounts of the metric that all of them limit first.</summary>
internal sealed class BudgetAxis
{
    // Budgets that differ by less give the same network but for a channel or two.
    private const double SmallestRatio = 1.05;

    private readonly SortedDictionary<double, Budget>? _given;
    private readonly BudgetLimit _first;

    /// <exception cref="ArgumentOutOfRangeException">The budgets do not lie on one axis.</exception>
    public BudgetAxis(DmcpExperimentSettings settings)
    {
        if (settings.Budgets is { } budgets)
        {
            Require(budgets.Count > 0 && budgets.All(b => b is not null), nameof(settings.Budgets), "empty", "one budget or more");
            _first = budgets[0].Limits[0];
            foreach (var budget in budgets)
                RequireAlike(nameof(settings.Budgets), budget.Limits[0]);
            _given = new SortedDictionary<double, Budget>();
            foreach (var budget in budgets)
                _given[budget.Limits[0].Amount] = budget;
            Require(_given.Count == budgets.Count, nameof(settings.Budgets), string.Join(", ", budgets),
                "budgets of which no two are equal");
            (Smallest, Largest) = (_given.Keys.First(), _given.Keys.Last());
            return;
        }
        var (small, large) = (settings.SmallestBudget, settings.LargestBudget);
        Require(small is { Limits.Count: 1 }, nameof(settings.SmallestBudget), small, "a budget with one limit");
        Require(large is { Limits.Count: 1 }, nameof(settings.LargestBudget), large, "a budget with one limit");
        _first = small!.Limits[0];
        RequireAlike(nameof(settings.LargestBudget), large!.Limits[0]);
        (Smallest, Largest) = (_first.Amount, large.Limits[0].Amount);
        Require(Smallest < Largest, nameof(settings.LargestBudget), large, $"more than SmallestBudget, {small}");
    }

    public double Smallest { get; }

    public double Largest { get; }

    /// <summary>What all of them limit first: the cost of the front.</summary>
    public BudgetMetric Metric => _first.Metric;

    /// <summary>The measured times, where that is a latency.</summary>
    public LatencyTable? Table => _first.Table;

    /// <summary>All budgets as text.</summary>
    public override string ToString() => _given is null
        ? $"from {At(Smallest)} to {At(Largest)}"
        : string.Join(", ", _given.Values);

    /// <summary>The budget of an amount; null where it is none of the experiment's.</summary>
    public Budget? Find(double amount) => _given is not null ? _given.GetValueOrDefault(amount)
        : amount >= Smallest && amount <= Largest ? At(amount) : null;

    /// <summary>What lies nearest to the middle between two amounts that were tried; null where nothing does.</summary>
    public double? Between(double below, double above)
    {
        var middle = Math.Sqrt(below * above);
        if (_given is null)
            return above / below < SmallestRatio ? null : Rounded(middle);
        var between = _given.Keys.Where(amount => amount > below && amount < above).ToArray();
        return between.Length == 0 ? null : between.MinBy(amount => Math.Abs(Math.Log(amount / middle)));
    }

    private Budget At(double amount) => (_first.Metric, _first.IsRatio) switch
    {
        (BudgetMetric.Flops, true) => Budget.FlopsRatio(amount),
        (BudgetMetric.Flops, false) => Budget.MFlops(amount),
        (BudgetMetric.Parameters, true) => Budget.ParametersRatio(amount),
        (BudgetMetric.Parameters, false) => Budget.MParameters(amount),
        (_, true) => Budget.LatencyRatio(amount, _first.Table!),
        (_, false) => Budget.Latency(amount, _first.Table!),
    };

    /// <summary>Three digits: what people can read.</summary>
    private static double Rounded(double amount)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(amount)) - 2);
        // Dividing by a whole number gives the double that is nearest to the decimal fraction.
        return unit >= 1 ? Math.Round(amount / unit) * unit : Math.Round(amount / unit) / Math.Round(1 / unit);
    }

    private void RequireAlike(string name, BudgetLimit limit) => Require(
        limit.Metric == _first.Metric && limit.IsRatio == _first.IsRatio && limit.Table?.Id == _first.Table?.Id, name, limit,
        $"budgets that all limit the same first: '{_first}' and '{limit}' do not");

    private static void Require(bool holds, string name, object? value, string needed) =>
        DmcpExperimentSettings.Require(holds, name, value, needed);
}
