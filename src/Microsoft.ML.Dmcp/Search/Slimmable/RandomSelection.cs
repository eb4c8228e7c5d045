namespace Microsoft.ML.Dmcp.Search.Slimmable;

/// <summary>The best of random structures in the budget.</summary>
internal static class RandomSelection
{
    /// <summary>The widths of the structure with the highest accuracy.</summary>
    /// <param name="choice">What to choose from.</param>
    /// <param name="structures">How many are drawn.</param>
    public static int[] Choose(StructureChoice choice, int structures)
    {
        var genes = choice.Genes;
        return Enumerable.Range(0, structures).Select(i =>
        {
            choice.Progress((double)i / structures);
            return genes.Widths(genes.Draw(choice.Random));
        }).MaxBy(choice.Accuracy)!;
    }
}
