using Dmcp.Samples.Shared;

namespace Dmcp.Transfer;

/// <summary>A part of the experiment.</summary>
internal abstract record TransferPart(string Name, int Seed) : Part(Name, Seed)
{
    /// <summary>Seed of what is drawn while it runs.</summary>
    public virtual int Draws => Seed;

    public abstract object Run(Workshop workshop, CancellationToken cancellation);
}
