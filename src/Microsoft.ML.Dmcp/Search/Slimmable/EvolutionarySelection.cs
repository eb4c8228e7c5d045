using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Search.Slimmable;

/// <summary>An evolutionary search over structures in the budget: the better half survives, the rest are crossings and mutations of it.</summary>
internal static class EvolutionarySelection
{
    private const double MutationReach = 0.3;

    /// <summary>The widths of the best structure that was evaluated.</summary>
    /// <param name="genes">Makes structures.</param>
    /// <param name="population">Structures of a generation, 2 or more.</param>
    /// <param name="generations">How many generations.</param>
    /// <param name="mutation">Probability of a gene to mutate.</param>
    /// <param name="accuracy">Accuracy of a structure.</param>
    /// <param name="random">Where the randomness comes from.</param>
    public static int[] Choose(StructureGenes genes, int population, int generations, double mutation, Func<int[], double> accuracy, RandomSource random)
    {
        var living = Enumerable.Range(0, population).Select(_ => Live(genes.Draw(random))).ToArray();
        for (var generation = 1; generation < generations; generation++)
        {
            var parents = living.OrderByDescending(s => s.Accuracy).Take((population + 1) / 2).ToArray();
            living = [.. parents, .. Enumerable.Range(0, population - parents.Length).Select(_ => Live(Child(parents[random.NextInt32(parents.Length)].Genes, parents[random.NextInt32(parents.Length)].Genes)))];
        }
        return living.MaxBy(s => s.Accuracy).Widths;

        (double[] Genes, int[] Widths, double Accuracy) Live(double[] g)
        {
            var widths = genes.Widths(g);
            return (g, widths, accuracy(widths));
        }

        double[] Child(double[] mother, double[] father) => mother.Select((gene, g) =>
        {
            var inherited = random.NextInt32(2) == 0 ? gene : father[g];
            return random.NextDouble() < mutation ? Math.Clamp(inherited + MutationReach * (2 * random.NextDouble() - 1), StructureGenes.Least, 1) : inherited;
        }).ToArray();
    }
}
