using System.Text;

namespace Microsoft.ML.Dmcp.Runs;

/// <summary>Reading of files that may come from anyone: nothing is allocated that the file has no bytes for.</summary>
internal static class BoundedReading
{
    /// <summary>Bytes that are left; a large number where the stream does not say.</summary>
    public static long Remaining(this BinaryReader reader)
    {
        try
        {
            return reader.BaseStream.Length - reader.BaseStream.Position;
        }
        catch (NotSupportedException)
        {
            return long.MaxValue;
        }
    }

    /// <summary>A text as <see cref="BinaryWriter.Write(string)"/> writes it.</summary>
    /// <param name="reader">Where it is.</param>
    /// <param name="most">Bytes that it may have.</param>
    /// <exception cref="FormatException">It says that it is longer, or longer than the file.</exception>
    public static string ReadText(this BinaryReader reader, int most)
    {
        var length = reader.Read7BitEncodedInt();
        if (length < 0 || length > most || length > reader.Remaining())
            throw new FormatException(
                FormattableString.Invariant($"a text of {length} bytes cannot be; at most {most} are allowed, ") +
                FormattableString.Invariant($"and {reader.Remaining()} are left."));
        var bytes = reader.ReadBytes(length);
        return bytes.Length == length
            ? Encoding.UTF8.GetString(bytes)
            : throw new EndOfStreamException("the file ends in the middle of a text.");
    }
}
