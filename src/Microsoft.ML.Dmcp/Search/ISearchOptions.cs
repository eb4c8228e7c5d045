namespace Microsoft.ML.Dmcp.Search;

/// <summary>What the options of every search method say, also of one that trains nothing.</summary>
internal interface ISearchOptions
{
    /// <summary>The unpruned network.</summary>
    NetworkArchitecture Network { get; }

    /// <summary>What the pruned network may cost at most.</summary>
    Budget Budget { get; }

    /// <summary>What all widths of the result are multiples of.</summary>
    int WidthMultiple { get; }

    /// <summary>Name of the column of widths.</summary>
    string OutputColumnName { get; }

    /// <summary>Name of the method in channel configs and checkpoints.</summary>
    string MethodName { get; }

    /// <summary>Whether the search leaves the weights in a file that its result is of.</summary>
    bool KeepsWeights { get; }
}
