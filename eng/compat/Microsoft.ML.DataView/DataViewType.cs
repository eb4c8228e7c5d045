namespace Microsoft.ML.Data;

/// <summary>The type of a column: what it means, and how one value is held in memory (<see cref="RawType"/>).</summary>
public abstract class DataViewType : IEquatable<DataViewType>
{
    private protected DataViewType(Type rawType)
    {
        RawType = rawType ?? throw new ArgumentNullException(nameof(rawType));
    }

    public Type RawType { get; }

    public abstract bool Equals(DataViewType other);
}
