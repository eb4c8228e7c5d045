using System.Text;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How the values of a type are written in ML.NET's binary format, and the type's description.</summary>
internal abstract class ValueCodec
{
    public abstract DataViewType Type { get; }

    protected abstract string Name { get; }

    /// <summary>The codec of a type, or null if it has none.</summary>
    public static ValueCodec TryCreate(DataViewType type) => type switch
    {
        VectorDataViewType vector => TryCreate(vector.ItemType) is { } item
            ? Utils.MarshalInvoke<ValueCodec>(MakeVector<int>, vector.ItemType.RawType, item, vector) : null,
        TextDataViewType => new TextCodec(),
        BooleanDataViewType => new BooleanCodec(),
        KeyDataViewType or NumberDataViewType or RowIdDataViewType
            => Utils.MarshalInvoke<ValueCodec>(MakeUnmanaged<int>, type.RawType, type),
        _ => null,
    };

    /// <summary>The codec whose description is next, or null if it is of a type unknown here.</summary>
    public static ValueCodec TryRead(BinaryReader reader)
    {
        var name = reader.ReadString();
        Contracts.CheckDecode(name.Length > 0, "Non-empty signature string expected");
        var length = reader.Read7BitEncodedInt64();
        var end = reader.FpCur() + length;
        var codec = TryCreate(ReadType(name, reader));
        Contracts.CheckDecode(codec is null || reader.FpCur() == end, "Codec type definition of unexpected length");
        reader.Seek(end);
        return codec;
    }

    public void WriteDescription(BinaryWriter writer)
    {
        using var memory = new MemoryStream();
        using (var parameters = new BinaryWriter(memory, Encoding.UTF8, leaveOpen: true))
        {
            WriteParameters(parameters);
        }

        writer.Write(Name);
        writer.Write7BitEncodedInt64(memory.Length);
        memory.WriteTo(writer.BaseStream);
    }

    public abstract void WriteAnnotation(Stream stream, DataViewSchema.Annotations annotations, DataViewSchema.Column annotation);

    public abstract void ReadAnnotation(Stream stream, DataViewSchema.Annotations.Builder builder, string kind);

    protected virtual void WriteParameters(BinaryWriter writer)
    {
    }

    private static DataViewType ReadType(string name, BinaryReader reader)
    {
        switch (name)
        {
            case "TextSpan":
                return TextDataViewType.Instance;
            case "Boolean":
                return BooleanDataViewType.Instance;
            case "DataViewRowId":
                return RowIdDataViewType.Instance;
            case "Key2":
                var raw = TryRead(reader)?.Type.RawType;
                var count = reader.ReadUInt64();
                return raw is null ? null : new KeyDataViewType(raw, count);
            case "VBuffer":
                var item = TryRead(reader)?.Type as PrimitiveDataViewType;
                var dimensions = Utils.BuildArray(reader.ReadInt32(), _ => reader.ReadInt32());
                return item is null ? null : dimensions.Length == 0 ? new VectorDataViewType(item)
                    : new VectorDataViewType(item, dimensions);
            default:
                var type = System.Type.GetType("System." + name);
                return type is null ? null : ColumnTypeExtensions.TryGetPrimitiveType(type);
        }
    }

    private static ValueCodec MakeVector<T>(ValueCodec item, VectorDataViewType type) => new VectorCodec<T>((ValueCodec<T>)item, type);

    private static ValueCodec MakeUnmanaged<T>(DataViewType type)
        where T : unmanaged
        => new UnmanagedCodec<T>(type);
}
