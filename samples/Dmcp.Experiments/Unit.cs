namespace Dmcp.Experiments;

/// <summary>A piece of work whose result is kept in a file: the unit in which a run can be cut and gone on with.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Seed">Seed of everything random in it.</param>
internal abstract record Unit(string Name, int Seed)
{
    public string Id => $"{Name}.seed{Seed}";

    /// <summary>The unit whose result this one works on.</summary>
    public virtual Unit? Needs => null;

    /// <summary>Whether another unit needs its weights.</summary>
    public virtual bool KeepsCheckpoint => false;

    public abstract UnitResult Run(Laboratory laboratory, CancellationToken cancellation);
}
