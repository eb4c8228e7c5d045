namespace Microsoft.ML.Dmcp.Estimators;

/// <summary>The appended columns' values at the current row.</summary>
internal abstract class AppendedValues : IDisposable
{
    /// <summary>The getter, a <see cref="ValueGetter{TValue}"/>, of an appended column.</summary>
    /// <param name="column">Index among the appended columns.</param>
    public abstract Delegate Getter(int column);

    /// <summary>The caller's cursor moved to its next row.</summary>
    public virtual void MoveNext()
    {
    }

    public virtual void Dispose()
    {
    }
}
