namespace Microsoft.ML.Dmcp.Estimators.Appending;

/// <summary>The appended columns' values: those of the current row where a row is opened, of a batch of rows where a cursor is.</summary>
internal abstract class AppendedValues : IDisposable
{
    /// <summary>The getter, a <see cref="ValueGetter{TValue}"/>, of an appended column.</summary>
    /// <param name="column">Index among the appended columns.</param>
    public abstract Delegate Getter(int column);

    /// <summary>A new batch of rows begins.</summary>
    public virtual void BeginBatch()
    {
    }

    /// <summary>Adds the cursor's row to the batch.</summary>
    public virtual void AddRow()
    {
    }

    /// <summary>The getters give the values of this row of the batch from now on.</summary>
    public virtual void MoveTo(int row)
    {
    }

    public virtual void Dispose()
    {
    }
}
