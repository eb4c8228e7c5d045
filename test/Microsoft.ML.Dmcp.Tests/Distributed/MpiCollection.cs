namespace Microsoft.ML.Dmcp.Tests.Distributed;

/// <summary>Tests of several ranks run one after another: each takes all processors.</summary>
[CollectionDefinition(Name)]
public sealed class MpiCollection
{
    public const string Name = "several ranks";
}
