namespace Microsoft.ML.Dmcp.Estimators.Appending;

/// <summary>Copies of a column's values as they are got.</summary>
/// <typeparam name="T">Type of a value.</typeparam>
internal abstract class ColumnCopies<T> : ColumnCopies
{
    /// <summary>Gives the copy of a row; may use what <paramref name="value"/> holds.</summary>
    public abstract void Get(int row, ref T value);
}
