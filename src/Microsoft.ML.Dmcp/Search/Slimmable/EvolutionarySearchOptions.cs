using Microsoft.ML.Dmcp.Search.Slimmable;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// Evolutionary search over the structures of a slimmable network. It stands in for MetaPruning and AMC, which need networks of their own or
/// thousands of evaluated structures, and is named for what it is.
/// </summary>
public sealed class EvolutionarySearchOptions : SlimmableSearchOptions
{
    /// <summary>Structures of a generation.</summary>
    public int Population = 20;

    /// <summary>Generations; in each after the first about half of the structures are new.</summary>
    public int Generations = 10;

    /// <summary>Probability of a group's width to mutate.</summary>
    public double MutationProbability = 0.2;

    internal override string MethodName => "evolutionary";

    internal override int[] Choose(StructureChoice choice) => EvolutionarySelection.Choose(
        new StructureGenes(choice.Network, choice.Grid, choice.Limits), Population, Generations, MutationProbability, choice.Accuracy, choice.Random);

    internal override void Check()
    {
        base.Check();
        Require(Population >= 2, nameof(Population), Population, "2 or more");
        Require(Generations >= 1, nameof(Generations), Generations, "1 or more");
        Require(MutationProbability is >= 0 and <= 1, nameof(MutationProbability), MutationProbability, "a probability");
    }

    internal override SortedDictionary<string, string> ToSettings()
    {
        var settings = base.ToSettings();
        settings["evolution"] = Text($"population {Population}, {Generations} generations, mutation {MutationProbability}");
        return settings;
    }
}
