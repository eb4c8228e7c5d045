using System.Runtime.InteropServices;
using Microsoft.ML.Dmcp.Interop.Import;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>Elements of tensors as bytes of a file, the low ones first.</summary>
internal static class TensorElements
{
    /// <summary>Bytes of an element.</summary>
    public static int SizeOf(ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Float64 or ScalarType.Int64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Elements of this type are not read."),
    };

    /// <summary>Number of elements of a shape.</summary>
    /// <exception cref="FormatException">A dimension is negative, or there are more elements than are read.</exception>
    public static long CountOf(IReadOnlyList<long> shape)
    {
        var count = 1L;
        foreach (var size in shape)
        {
            if (size < 0 || (size > 0 && count > ImportedWeights.Most / size))
                throw new FormatException(
                    $"A tensor has the shape [{string.Join(", ", shape)}]; at most {ImportedWeights.Most} elements are read.");
            count *= size;
        }
        return count;
    }

    /// <summary>Reads elements as floats.</summary>
    /// <exception cref="EndOfStreamException">There are fewer.</exception>
    public static float[] Read(Stream stream, ScalarType type, long count)
    {
        var values = new float[CountOf([count])];
        if (type == ScalarType.Float32)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            return values;
        }
        var size = SizeOf(type);
        var buffer = new byte[size << 12];
        for (var i = 0; i < values.Length;)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, (count - i) * size));
            stream.ReadExactly(part);
            for (; part.Length > 0; part = part[size..])
                values[i++] = Decode(part, type);
        }
        return values;
    }

    private static float Decode(ReadOnlySpan<byte> bytes, ScalarType type) => type switch
    {
        ScalarType.Float64 => (float)BitConverter.ToDouble(bytes),
        ScalarType.Float16 => (float)BitConverter.ToHalf(bytes),
        ScalarType.BFloat16 => BitConverter.Int32BitsToSingle(BitConverter.ToUInt16(bytes) << 16),
        ScalarType.Int64 => BitConverter.ToInt64(bytes),
        ScalarType.Int32 => BitConverter.ToInt32(bytes),
        ScalarType.Int16 => BitConverter.ToInt16(bytes),
        ScalarType.Int8 => (sbyte)bytes[0],
        _ => bytes[0],
    };
}
