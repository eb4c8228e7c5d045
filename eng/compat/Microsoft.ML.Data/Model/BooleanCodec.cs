using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>Booleans: bits, the first in the lowest place.</summary>
internal sealed class BooleanCodec : ValueCodec<bool>
{
    public override DataViewType Type => BooleanDataViewType.Instance;

    protected override string Name => nameof(Boolean);

    public override void Write(BinaryWriter writer, ReadOnlySpan<bool> values)
    {
        var bytes = new byte[(values.Length + 7) / 8];
        new BitArray(values.ToArray()).CopyTo(bytes, 0);
        writer.Write(bytes);
    }

    public override bool[] Read(BinaryReader reader, int count)
    {
        var bits = new BitArray(reader.ReadBytes((count + 7) / 8));
        return Enumerable.Range(0, count).Select(i => bits[i]).ToArray();
    }
}
