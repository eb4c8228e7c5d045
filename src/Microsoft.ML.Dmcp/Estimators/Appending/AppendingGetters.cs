
namespace Microsoft.ML.Dmcp.Estimators.Appending;

/// <summary>Finds the getter of a passed or an appended column.</summary>
internal static class AppendingGetters
{
    public static ValueGetter<TValue> Get<TValue>(DataViewSchema.Column column, DataViewRow row, AppendedValues? appended, bool isActive)
    {
        if (!isActive)
            throw new ArgumentOutOfRangeException(
                nameof(column), $"Column '{column.Name}' is not active in this cursor: name it when asking for the cursor.");
        if (column.Index < row.Schema.Count)
            return row.GetGetter<TValue>(row.Schema[column.Index]);
        return appended!.Getter(column.Index - row.Schema.Count) as ValueGetter<TValue> ?? throw WrongType<TValue>(column);
    }

    public static InvalidOperationException WrongType<TValue>(DataViewSchema.Column column) =>
        new($"Column '{column.Name}' holds {column.Type.RawType.Name}, not {typeof(TValue).Name}.");
}
