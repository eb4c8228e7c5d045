using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Texts: where each ends, then all of them as one.</summary>
internal sealed class TextCodec : ValueCodec<ReadOnlyMemory<char>>
{
    public override DataViewType Type => TextDataViewType.Instance;

    protected override string Name => "TextSpan";

    public override void Write(BinaryWriter writer, ReadOnlySpan<ReadOnlyMemory<char>> values)
    {
        var all = new StringBuilder();
        writer.Write(values.Length);
        foreach (var value in values)
        {
            all.Append(value);
            writer.Write(all.Length);
        }

        writer.Write(all.ToString());
    }

    public override ReadOnlyMemory<char>[] Read(BinaryReader reader, int count)
    {
        Contracts.CheckDecode(reader.ReadInt32() == count);
        var ends = new int[count];
        for (var i = 0; i < count; i++)
        {
            // Earlier versions marked missing values by the sign.
            ends[i] = reader.ReadInt32() & int.MaxValue;
            Contracts.CheckDecode(ends[i] >= (i == 0 ? 0 : ends[i - 1]));
        }

        var all = reader.ReadString().AsMemory();
        Contracts.CheckDecode(all.Length == (count == 0 ? 0 : ends[^1]));
        return ends.Select((end, i) => all[(i == 0 ? 0 : ends[i - 1])..end]).ToArray();
    }
}
