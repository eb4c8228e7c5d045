namespace TorchSharp.Utils;

/// <summary>The variable-length numbers of TorchSharp's files: seven bits a byte, the lowest first, the high bit set on all but the last.</summary>
internal static class LEB128Codec
{
    public static void Encode(this BinaryWriter writer, long value)
    {
        if (value < 0)
            throw new NotImplementedException("LEB128 encoding of negative numbers");
        for (; value > 0x7f; value >>= 7)
            writer.Write((byte)(value | 0x80));
        writer.Write((byte)value);
    }

    public static long Decode(this BinaryReader reader)
    {
        long result = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = reader.ReadByte();
            result |= (b & 0x7fL) << shift;
            if ((b & 0x80) == 0)
                return result;
        }
    }
}
