namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>All workloads by their names.</summary>
internal static class Workloads
{
    /// <summary>Those that are measured when none is named.</summary>
    public static IEnumerable<Workload> Listed =>
        [.. RateWorkloads.Listed, .. TrainingWorkloads.Listed, .. PredictionWorkloads.All, .. DataWorkloads.All, .. ModelFileWorkloads.All];

    /// <summary>A listed workload, or one whose name says what it is.</summary>
    /// <exception cref="ArgumentException">There is no such workload.</exception>
    public static Workload Find(string name) => name.Split(':')[0] switch
    {
        TrainingWorkloads.SearchKind or TrainingWorkloads.TrainKind => TrainingWorkloads.Find(name),
        RateWorkloads.MatmulKind => RateWorkloads.Matmul(name),
        _ =>
            Listed.FirstOrDefault(w => w.Name == name) ?? throw new ArgumentException($"There is no workload '{name}'; 'list' names them."),
    };

    /// <summary>
    /// Workloads by their names or beginnings of listed names; all when none is given. The rates come first, so that the others can be held
    /// against them.
    /// </summary>
    public static IReadOnlyList<Workload> Choose(IReadOnlyCollection<string> names)
    {
        var listed = Listed.ToArray();
        var chosen = names.Count == 0
            ? listed
            : names.SelectMany(
                n => listed.Where(w => w.Name.StartsWith(n, StringComparison.Ordinal)) is var begun && begun.Any() ? begun : [Find(n)]);
        return [.. chosen.DistinctBy(w => w.Name).OrderByDescending(w => w.IsRate)];
    }
}
