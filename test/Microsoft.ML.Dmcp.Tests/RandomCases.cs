using CsCheck;

namespace Microsoft.ML.Dmcp.Tests;

/// <summary>
/// Properties on random cases of CsCheck: the same cases in every run, others with another DMCP_SEED (eng/fuzz.sh). CsCheck by itself takes
/// its seed for the first case only and draws the rest anew in every run.
/// </summary>
internal static class RandomCases
{
    private const int Shrinkings = 500;

    private static readonly ulong Seed = ulong.TryParse(Environment.GetEnvironmentVariable("DMCP_SEED"), out var seed) ? seed : 1;

    /// <summary>
    /// Tries a property on so many cases; the first that fails is shrunk, and the message gives the smallest with its seed.
    /// </summary>
    /// <exception cref="CsCheckException">The property threw.</exception>
    public static void Check<T>(this Gen<T> cases, int count, Action<T> property)
    {
        var seeds = new PCG(1, Seed);
        for (var i = 0; i < count; i++)
        {
            var seed = new PCG(seeds.Next(), seeds.Next64()).ToString();
            try
            {
                property(cases.Generate(PCG.Parse(seed), null, out _));
            }
            catch (Exception e)
            {
                cases.Sample(property, seed: seed, iter: Shrinkings, threads: 1);
                throw new InvalidOperationException(
                    $"Case {i} of DMCP_SEED={Seed} failed once, and did not when it was tried again (seed {seed}).", e);
            }
        }
    }

    /// <summary>Tries a property of two values.</summary>
    public static void Check<T1, T2>(this Gen<(T1, T2)> cases, int count, Action<T1, T2> property) =>
        cases.Check(count, c => property(c.Item1, c.Item2));

    /// <summary>Tries a property of three values.</summary>
    public static void Check<T1, T2, T3>(this Gen<(T1, T2, T3)> cases, int count, Action<T1, T2, T3> property) =>
        cases.Check(count, c => property(c.Item1, c.Item2, c.Item3));

    /// <summary>Any widths that a network can have.</summary>
    public static Gen<int[]> WidthsOf(NetworkDescription network) => Gen.Double[0, 1].Array[network.Groups.Count].Select(shares =>
        network.Groups.Select((group, g) => Math.Min(group.Channels, 1 + (int)(shares[g] * group.Channels))).ToArray());
}
