using System.Numerics;

namespace Microsoft.ML.Dmcp.Training.Progress;

/// <summary>CRC-32C (Castagnoli), the checksum of TFRecords.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }

    /// <summary>As TFRecords hold it: rotated and a constant added, since checksums over bytes that hold checksums are weak.</summary>
    public static uint Masked(ReadOnlySpan<byte> bytes) => unchecked(BitOperations.RotateRight(Of(bytes), 15) + 0xA282EAD8);
}
