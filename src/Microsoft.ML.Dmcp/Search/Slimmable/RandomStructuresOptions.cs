using Microsoft.ML.Dmcp.Search.Slimmable;

namespace Microsoft.ML.Dmcp;

/// <summary>The best of random structures in the budget, by their accuracy in a slimmable network.</summary>
public sealed class RandomStructuresOptions : SlimmableSearchOptions
{
    /// <summary>How many structures are drawn.</summary>
    public int NumberOfStructures = 50;

    internal override string MethodName => "random";

    internal override int[] Choose(StructureChoice choice)
    {
        var genes = new StructureGenes(choice.Network, choice.Grid, choice.Limits);
        return Enumerable.Range(0, NumberOfStructures).Select(_ => genes.Widths(genes.Draw(choice.Random))).MaxBy(choice.Accuracy)!;
    }

    internal override void Check()
    {
        base.Check();
        Require(NumberOfStructures >= 1, nameof(NumberOfStructures), NumberOfStructures, "1 or more");
    }

    internal override SortedDictionary<string, string> ToSettings()
    {
        var settings = base.ToSettings();
        settings["structures"] = Text($"{NumberOfStructures}");
        return settings;
    }
}
