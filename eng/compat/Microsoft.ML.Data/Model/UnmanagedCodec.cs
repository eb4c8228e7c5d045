using System.Runtime.InteropServices;
using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>Numbers, row identifiers and keys: their bytes.</summary>
internal sealed class UnmanagedCodec<T>(DataViewType type) : ValueCodec<T>
    where T : unmanaged
{
    public override DataViewType Type => type;

    protected override string Name => type is KeyDataViewType ? "Key2" : typeof(T).Name;

    public override void Write(BinaryWriter writer, ReadOnlySpan<T> values) => writer.Write(MemoryMarshal.AsBytes(values));

    public override T[] Read(BinaryReader reader, int count)
    {
        var values = new T[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    protected override void WriteParameters(BinaryWriter writer)
    {
        if (type is KeyDataViewType key)
        {
            TryCreate(ColumnTypeExtensions.NumberTypeFromType(key.RawType)).WriteDescription(writer);
            writer.Write(key.Count);
        }
    }
}
