using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Vectors: their lengths, how many values are explicit (-1 if all), the indices of the sparse ones, all values.</summary>
internal sealed class VectorCodec<T>(ValueCodec<T> item, VectorDataViewType type) : ValueCodec<VBuffer<T>>
{
    public override DataViewType Type => type;

    protected override string Name => "VBuffer";

    public override void Write(BinaryWriter writer, ReadOnlySpan<VBuffer<T>> values)
    {
        var buffers = values.ToArray();
        writer.Write(buffers.Length);
        if (type.IsKnownSize)
        {
            Contracts.Check(buffers.All(b => b.Length == type.Size), $"Length mismatch: expected {type.Size} slots");
            writer.Write(type.Size);
        }
        else
        {
            var common = buffers.Select(b => b.Length).Distinct().Count() == 1 ? buffers[0].Length : 0;
            writer.Write(common);
            WriteAll(writer, common == 0 ? buffers.Select(b => b.Length) : []);
        }

        WriteAll(writer, buffers.Select(b => b.IsDense ? -1 : b.GetValues().Length));
        var indices = buffers.SelectMany(b => b.GetIndices().ToArray()).ToArray();
        writer.Write(indices.Length);
        WriteAll(writer, indices);
        item.Write(writer, buffers.SelectMany(b => b.GetValues().ToArray()).ToArray());
    }

    public override VBuffer<T>[] Read(BinaryReader reader, int count)
    {
        Contracts.CheckDecode(reader.ReadInt32() == count);
        var common = reader.ReadInt32();
        Contracts.CheckDecode(type.IsKnownSize ? common == type.Size : common >= 0);
        var lengths = common > 0 ? Enumerable.Repeat(common, count).ToArray() : ReadAll(reader, count);
        var counts = ReadAll(reader, count);
        var indices = ReadAll(reader, reader.ReadInt32());
        Contracts.CheckDecode(lengths.Zip(counts).All(x => x.First >= 0 && x.Second >= -1 && x.Second <= x.First));
        var values = item.Read(reader, lengths.Zip(counts).Sum(x => x.Second < 0 ? x.First : x.Second));
        var (valueAt, indexAt) = (0, 0);
        var buffers = new VBuffer<T>[count];
        for (var i = 0; i < count; i++)
        {
            var explicitCount = counts[i] < 0 ? lengths[i] : counts[i];
            var own = values[valueAt..(valueAt += explicitCount)];
            buffers[i] = counts[i] < 0
                ? new VBuffer<T>(lengths[i], own)
                : new VBuffer<T>(lengths[i], explicitCount, own, indices[indexAt..(indexAt += explicitCount)]);
        }

        return buffers;
    }

    protected override void WriteParameters(BinaryWriter writer)
    {
        item.WriteDescription(writer);
        writer.Write(type.Dimensions.Length);
        WriteAll(writer, type.Dimensions);
    }

    private static void WriteAll(BinaryWriter writer, IEnumerable<int> values)
    {
        foreach (var value in values)
        {
            writer.Write(value);
        }
    }

    private static int[] ReadAll(BinaryReader reader, int count)
    {
        Contracts.CheckDecode(count >= 0);
        var values = new int[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = reader.ReadInt32();
        }

        return values;
    }
}
