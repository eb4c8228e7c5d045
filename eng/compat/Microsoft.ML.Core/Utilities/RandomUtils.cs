namespace Microsoft.ML;

/// <summary>Makes the random numbers of hosts.</summary>
internal static class RandomUtils
{
    public static TauswortheHybrid Create() => new(new Random());

    public static TauswortheHybrid Create(int? seed) => seed is { } value ? Create(value) : Create();

    public static TauswortheHybrid Create(int seed) => new(new TauswortheHybrid.State((uint)seed));

    public static TauswortheHybrid Create(Random seed) => new(seed);
}
