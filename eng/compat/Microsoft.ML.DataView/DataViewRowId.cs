using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>A 128-bit row identifier; derived identifiers come from the body of MurmurHash3 (x64, 128 bits).</summary>
public readonly struct DataViewRowId : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    private const ulong C1 = 0x87c37b91114253d5;
    private const ulong C2 = 0x4cf5ad432745937f;

    public readonly ulong Low;
    public readonly ulong High;

    public DataViewRowId(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    public override string ToString() => $"{High:x16}{Low:x16}";

    public int CompareTo(DataViewRowId other)
    {
        var high = High.CompareTo(other.High);
        return high != 0 ? high : Low.CompareTo(other.Low);
    }

    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    public override bool Equals(object obj) => obj is DataViewRowId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Low, High);

    /// <summary>An identifier that differs from this one and from what <see cref="Next"/> gives.</summary>
    public DataViewRowId Fork()
    {
        var next = Next();
        return new DataViewRowId(next.Low ^ (BitOperations.RotateLeft(C1, 31) * C2), next.High);
    }

    public DataViewRowId Next() => Round(Low, High, 0, 0);

    public DataViewRowId Combine(DataViewRowId other)
    {
        var block = other.Fork();
        return Round(Low, High, BitOperations.RotateLeft(block.Low * C1, 31) * C2, BitOperations.RotateLeft(block.High * C2, 33) * C1);
    }

    private static DataViewRowId Round(ulong low, ulong high, ulong first, ulong second)
    {
        low = BitOperations.RotateLeft(low ^ first, 27) + high;
        low = (low * 5) + 0x52dce729;
        high = BitOperations.RotateLeft(high ^ second, 31) + low;
        high = (high * 5) + 0x38495ab5;
        return new DataViewRowId(low, high);
    }
}
