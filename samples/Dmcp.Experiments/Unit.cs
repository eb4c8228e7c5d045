using Dmcp.Samples.Shared;

namespace Dmcp.Experiments;

/// <summary>A part of the experiments.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Seed">Seed of everything random in it.</param>
internal abstract record Unit(string Name, int Seed) : Part(Name, Seed)
{
    public abstract UnitResult Run(Laboratory laboratory, CancellationToken cancellation);
}
