using System.Diagnostics.CodeAnalysis;
using Dmcp.Samples.Shared;

namespace Dmcp.Experiments;

/// <summary>What decides the results.</summary>
internal sealed record Settings : LaboratorySettings
{
    [SetsRequiredMembers]
    public Settings(LaboratorySettings common)
        : base(common)
    {
    }

    /// <summary>Share of the network's FLOPs in most tables.</summary>
    public double FlopsShare { get; init; }

    /// <summary>The second, smaller share of Tables 2 and 6.</summary>
    public double SmallFlopsShare { get; init; }

    /// <summary>Structures by direct sampling that Table 1 trains.</summary>
    public int DirectSamples { get; init; }

    /// <summary>Structures by direct sampling that each row of Tables 2 and 3 trains.</summary>
    public int MoreDirectSamples { get; init; }
}
