namespace Microsoft.ML.Dmcp.AutoML.Planning;

/// <summary>The front of quality against cost.</summary>
internal static class Front
{
    /// <summary>The trials that no other one beats in both, from the cheapest on; of equal ones the first.</summary>
    public static IReadOnlyList<DmcpTrial> Of(IEnumerable<DmcpTrial> trials, DmcpMetric metric)
    {
        var front = new List<DmcpTrial>();
        var done = trials.Where(t => t is { Cost: not null, ValidationMetrics: not null });
        foreach (var trial in done.OrderBy(t => t.Cost).ThenByDescending(Quality).ThenBy(t => t.Number))
            if (front.Count == 0 || Quality(trial) > Quality(front[^1]))
                front.Add(trial);
        return front;

        double Quality(DmcpTrial trial) => trial.ValidationMetrics!.QualityOf(metric);
    }
}
