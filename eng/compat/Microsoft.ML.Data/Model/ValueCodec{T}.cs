using System.Text;

namespace Microsoft.ML.Data;

/// <summary>How values of one type in memory are written and read.</summary>
internal abstract class ValueCodec<T> : ValueCodec
{
    public abstract void Write(BinaryWriter writer, ReadOnlySpan<T> values);

    public abstract T[] Read(BinaryReader reader, int count);

    public override void WriteAnnotation(Stream stream, DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        T value = default;
        annotations.GetGetter<T>(annotation)(ref value);
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        Write(writer, [value]);
    }

    public override void ReadAnnotation(Stream stream, DataViewSchema.Annotations.Builder builder, string kind)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        var value = Read(reader, 1)[0];
        builder.Add<T>(kind, Type, (ref T destination) => destination = value);
    }
}
