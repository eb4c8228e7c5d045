namespace Microsoft.ML.Dmcp;

/// <summary>
/// Evolutionary search over the structures of a slimmable network: in place of MetaPruning and AMC, which need networks of their own or
/// thousands of evaluated structures.
/// </summary>
public sealed class EvolutionarySearchOptions : SlimmableSearchOptions
{
    /// <summary>Structures of a generation. Default 20.</summary>
    public int Population = 20;

    /// <summary>Generations; in each after the first about half of the structures are new. Default 10.</summary>
    public int Generations = 10;

    /// <summary>Probability of a group's width to mutate. Default 0.2.</summary>
    public double MutationProbability = 0.2;

    internal override string MethodName => "evolutionary";

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
