namespace Microsoft.ML;

/// <summary>A row that moves: its getters follow it.</summary>
public abstract class DataViewRowCursor : DataViewRow
{
    public abstract bool MoveNext();
}
