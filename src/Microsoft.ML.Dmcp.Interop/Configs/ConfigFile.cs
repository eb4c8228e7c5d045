using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Interop.Configs;

/// <summary>Files with another tool's channel config: small ones.</summary>
internal static class ConfigFile
{
    /// <summary>Bytes that a file may have; those of the tools have some thousand.</summary>
    public const int MostBytes = 4 << 20;

    /// <summary>Reads a file and names it in what is wrong with it.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="FormatException">It is too large, or no config.</exception>
    public static ChannelConfig Load(string path, Func<byte[], ChannelConfig> read) =>
        FileReading.Named(path, $"There is no channel config '{path}'.", file => read(Bytes(file)));

    /// <summary>Writes a file, whole or not at all.</summary>
    public static void Save(string path, byte[] bytes) => DurableFile.Write(path, stream => stream.Write(bytes));

    private static byte[] Bytes(string path)
    {
        using var stream = File.OpenRead(path);
        var bytes = new byte[MostBytes + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length <= MostBytes ? bytes[..length]
            : throw new FormatException($"It is larger than {MostBytes >> 20} MB, which no channel config is.");
    }
}
