namespace Microsoft.ML.Dmcp;

/// <summary>The best of random structures in the budget, by their accuracy in a slimmable network.</summary>
public sealed class RandomStructuresOptions : SlimmableSearchOptions
{
    /// <summary>How many structures are drawn. Default 50.</summary>
    public int NumberOfStructures = 50;

    internal override string MethodName => "random";

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
