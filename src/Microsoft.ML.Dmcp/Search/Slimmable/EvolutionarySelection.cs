namespace Microsoft.ML.Dmcp.Search.Slimmable;

/// <summary>
/// An evolutionary search over structures in the budget: the better half survives, the rest are crossings and mutations of it.
/// </summary>
internal static class EvolutionarySelection
{
    private const double MutationReach = 0.3;

    /// <summary>The widths of the best structure that was evaluated.</summary>
    /// <param name="choice">What to choose from.</param>
    /// <param name="population">Structures of a generation, 2 or more.</param>
    /// <param name="generations">How many generations.</param>
    /// <param name="mutation">Probability of a gene to mutate.</param>
    public static int[] Choose(StructureChoice choice, int population, int generations, double mutation)
    {
        var (genes, random) = (choice.Genes, choice.Random);
        var (born, all) = (0, population + (generations - 1) * (population / 2));
        var living = Enumerable.Range(0, population).Select(_ => Live(genes.Draw(random))).ToArray();
        for (var generation = 1; generation < generations; generation++)
        {
            var parents = living.OrderByDescending(s => s.Accuracy).Take((population + 1) / 2).ToArray();
            double[] Parent() => parents[random.NextInt32(parents.Length)].Genes;
            living = [.. parents, .. Enumerable.Range(0, population - parents.Length).Select(_ => Live(Child(Parent(), Parent())))];
        }
        return living.MaxBy(s => s.Accuracy).Widths;

        (double[] Genes, int[] Widths, double Accuracy) Live(double[] g)
        {
            choice.Progress((double)born++ / all);
            var widths = genes.Widths(g);
            return (g, widths, choice.Accuracy(widths));
        }

        double[] Child(double[] mother, double[] father) => mother.Select((gene, g) =>
        {
            var inherited = random.NextInt32(2) == 0 ? gene : father[g];
            var change = random.NextDouble() < mutation ? MutationReach * (2 * random.NextDouble() - 1) : 0;
            return change == 0 ? inherited : Math.Clamp(inherited + change, StructureGenes.Least, 1);
        }).ToArray();
    }
}
