using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Estimators.Appending;

/// <summary>Copies of a passed column's values over a batch of rows.</summary>
internal abstract class ColumnCopies
{
    private delegate ColumnCopies Opener(DataViewRow row, DataViewSchema.Column column, int rows);

    // The types of ML.NET's own columns. Others (maps and sequences of ONNX, a user's classes) may change behind their reference.
    private static readonly Dictionary<Type, (Opener Scalar, Opener Vector)> Openers = new()
    {
        [typeof(bool)] = Values<bool>(),
        [typeof(sbyte)] = Values<sbyte>(),
        [typeof(byte)] = Values<byte>(),
        [typeof(short)] = Values<short>(),
        [typeof(ushort)] = Values<ushort>(),
        [typeof(int)] = Values<int>(),
        [typeof(uint)] = Values<uint>(),
        [typeof(long)] = Values<long>(),
        [typeof(ulong)] = Values<ulong>(),
        [typeof(float)] = Values<float>(),
        [typeof(double)] = Values<double>(),
        [typeof(ReadOnlyMemory<char>)] = Values<ReadOnlyMemory<char>>(),
        [typeof(TimeSpan)] = Values<TimeSpan>(),
        [typeof(DateTime)] = Values<DateTime>(),
        [typeof(DateTimeOffset)] = Values<DateTimeOffset>(),
        [typeof(DataViewRowId)] = Values<DataViewRowId>(),
    };

    /// <summary>Whether values of a type can be copied.</summary>
    public static bool CanCopy(DataViewType type) => type is VectorDataViewType vector
        ? Openers.ContainsKey(vector.ItemType.RawType)
        : type.RawType == typeof(MLImage) || Openers.ContainsKey(type.RawType);

    /// <summary>Room for copies of a column of such a type.</summary>
    /// <param name="row">The cursor.</param>
    /// <param name="column">The column.</param>
    /// <param name="rows">Rows of a batch.</param>
    public static ColumnCopies Of(DataViewRow row, DataViewSchema.Column column, int rows) => column.Type switch
    {
        VectorDataViewType vector => Openers[vector.ItemType.RawType].Vector(row, column, rows),
        { RawType: var raw } when raw == typeof(MLImage) => new ImageCopies(row, column, rows),
        { RawType: var raw } => Openers[raw].Scalar(row, column, rows),
    };

    /// <summary>Copies the cursor's current value to a row of the batch.</summary>
    public abstract void Read(int row);

    private static (Opener Scalar, Opener Vector) Values<T>() =>
        ((row, column, rows) => new ValueCopies<T>(row, column, rows), (row, column, rows) => new VectorCopies<T>(row, column, rows));
}
