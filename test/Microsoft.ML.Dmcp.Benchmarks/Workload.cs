namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>Something whose speed is measured: prepared once, then done again and again.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Description">What one iteration does.</param>
/// <param name="Items">Images (or other things) of one iteration.</param>
/// <param name="Prepare">Makes it ready; the result is what is timed.</param>
/// <param name="MultiplyAdds">Multiply-adds of one iteration, for the distance from the floor; 0 where arithmetic does not matter.</param>
internal sealed record Workload(string Name, string Description, int Items, Func<Prepared> Prepare, double MultiplyAdds = 0)
{
    /// <summary>Type of the numbers that are multiplied.</summary>
    public string Precision { get; init; } = "float32";

    /// <summary>Whether it does nothing but arithmetic, so that its rate is the floor of others.</summary>
    public bool IsRate { get; init; }
}
