using Dmcp.Samples.Shared;

namespace Dmcp.Compare;

/// <summary>A part of the comparison.</summary>
internal abstract record ComparedPart(string Name, int Seed) : Part(Name, Seed)
{
    public abstract PartResult Run(ImageLaboratory laboratory, CancellationToken cancellation);
}
