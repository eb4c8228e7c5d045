using System.IO.Compression;
using System.Text;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A schema in ML.NET's binary format of data views: a file without rows, whose table of contents tells the columns
/// and their annotations.</summary>
internal static class SchemaFile
{
    private const int HeaderSize = 256;
    private const ulong Signature = 0x00425644004C4D43;
    private const ulong TailSignature = 0x434D4C0044564200;
    private const ulong Version = 0x0001000100010006;
    private const byte Uncompressed = 0;
    private const byte Deflated = 1;

    public static void Write(IChannel channel, DataViewSchema schema, Stream stream)
    {
        var columns = new List<(DataViewSchema.Column Column, ValueCodec Codec)>();
        foreach (var column in schema)
        {
            if (ValueCodec.TryCreate(column.Type) is { } codec)
            {
                columns.Add((column, codec));
            }
            else
            {
                channel.Warning(MessageSensitivity.Schema,
                    $"The column '{column.Name}' of type {column.Type} cannot be saved and is left out of the schema.");
            }
        }

        channel.Check(columns.Count > 0, "No valid columns to save");
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(new byte[HeaderSize]);
        var blocks = stream.Position;
        var annotations = columns.Select(c => WriteAnnotations(writer, c.Column.Annotations)).ToArray();
        var contents = stream.Position;
        for (var i = 0; i < columns.Count; i++)
        {
            writer.Write(columns[i].Column.Name);
            columns[i].Codec.WriteDescription(writer);
            writer.Write(Deflated);
            writer.Write7BitEncodedInt64(1); // rows in a block
            writer.Write(blocks);
            writer.Write(annotations[i]);
        }

        var tail = stream.Position;
        writer.Write(TailSignature);
        writer.Seek(0, SeekOrigin.Begin);
        writer.Write(Signature);
        writer.Write(Version);
        writer.Write(Version);
        writer.Write(contents);
        writer.Write(tail);
        writer.Write(0L); // rows
        writer.Write(columns.Count);
    }

    public static DataViewSchema Read(IExceptionContext ectx, Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        var isDataView = stream.Length >= HeaderSize && reader.ReadUInt64() == Signature;
        ectx.CheckDecode(isDataView, "This does not appear to be a binary dataview file");
        reader.ReadUInt64();
        ectx.CheckDecode(reader.ReadUInt64() <= Version, "The file is of a later version of the format than can be read");
        var contents = reader.ReadInt64();
        var tail = reader.ReadInt64();
        reader.ReadInt64();
        var count = reader.ReadInt32();
        ectx.CheckDecode(HeaderSize <= contents && contents <= tail && count >= 0, "Bad offsets in the header");
        reader.Seek(tail);
        ectx.CheckDecode(reader.ReadUInt64() == TailSignature, "Incorrect tail signature");
        reader.Seek(contents);
        var builder = new DataViewSchema.Builder();
        for (var i = 0; i < count; i++)
        {
            var name = reader.ReadString();
            var codec = ValueCodec.TryRead(reader);
            reader.ReadByte();
            reader.Read7BitEncodedInt64();
            reader.ReadInt64();
            var annotations = reader.ReadInt64();
            if (codec is not null)
            {
                var next = reader.FpCur();
                builder.AddColumn(name, codec.Type, annotations == 0 ? null : ReadAnnotations(reader, annotations));
                reader.Seek(next);
            }
        }

        ectx.CheckDecode(reader.FpCur() == tail, "Bad length of the table of contents");
        return builder.ToSchema();
    }

    // The values, then a table of them, whose offset is the result; 0 if there are none.
    private static long WriteAnnotations(BinaryWriter writer, DataViewSchema.Annotations annotations)
    {
        var saved = new List<(string Kind, ValueCodec Codec, byte Compression, long Offset, long Length)>();
        foreach (var annotation in annotations.Schema)
        {
            if (ValueCodec.TryCreate(annotation.Type) is not { } codec)
            {
                continue;
            }

            using var plain = new MemoryStream();
            codec.WriteAnnotation(plain, annotations, annotation);
            using var packed = new MemoryStream();
            using (var deflate = new DeflateStream(packed, CompressionMode.Compress, leaveOpen: true))
            {
                plain.WriteTo(deflate);
            }

            var offset = writer.FpCur();
            var smaller = packed.Length < plain.Length;
            (smaller ? packed : plain).WriteTo(writer.BaseStream);
            saved.Add((annotation.Name, codec, smaller ? Deflated : Uncompressed, offset, writer.FpCur() - offset));
        }

        if (saved.Count == 0)
        {
            return 0;
        }

        var table = writer.FpCur();
        writer.Write7BitEncodedInt64(saved.Count);
        foreach (var (kind, codec, compression, offset, length) in saved)
        {
            writer.Write(kind);
            codec.WriteDescription(writer);
            writer.Write(compression);
            writer.Write(offset);
            writer.Write7BitEncodedInt64(length);
        }

        return table;
    }

    private static DataViewSchema.Annotations ReadAnnotations(BinaryReader reader, long table)
    {
        reader.Seek(table);
        var builder = new DataViewSchema.Annotations.Builder();
        var count = reader.Read7BitEncodedInt64();
        for (var i = 0; i < count; i++)
        {
            var kind = reader.ReadString();
            var codec = ValueCodec.TryRead(reader);
            var compression = reader.ReadByte();
            var offset = reader.ReadInt64();
            var length = reader.Read7BitEncodedInt64();
            if (codec is null)
            {
                continue;
            }

            var next = reader.FpCur();
            reader.Seek(offset);
            Stream value = new MemoryStream(reader.ReadBytes(checked((int)length)));
            Contracts.CheckDecode(compression is Uncompressed or Deflated, "Unknown compression");
            codec.ReadAnnotation(compression == Deflated ? new DeflateStream(value, CompressionMode.Decompress) : value, builder, kind);
            reader.Seek(next);
        }

        return builder.ToAnnotations();
    }
}
