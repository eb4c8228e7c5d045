namespace Dmcp.Samples.Shared;

/// <summary>A piece of work whose result is kept in a file: the unit in which a run can be cut and gone on with.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Seed">Seed of everything random in it.</param>
public abstract record Part(string Name, int Seed)
{
    /// <summary>Name of its files.</summary>
    public string Id => $"{Name}.seed{Seed}";

    /// <summary>The part whose result this one works on; null for none.</summary>
    public virtual Part? Needs => null;

    /// <summary>Whether another part needs its weights.</summary>
    public virtual bool KeepsCheckpoint => false;
}
