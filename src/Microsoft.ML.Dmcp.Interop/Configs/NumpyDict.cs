using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Dmcp.Interop.Configs;

/// <summary>A dict that <c>numpy.save</c> wrote, or that <c>numpy.load(path, allow_pickle=True).item()</c> reads.</summary>
internal static partial class NumpyDict
{
    private const int Preamble = 10;
    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The dict.</summary>
    /// <exception cref="FormatException">The file is of another kind, damaged, or holds something else.</exception>
    public static Dictionary<string, object?> Read(byte[] file) =>
        PickleReader.Read(file, EndOfHeader(file)) is NumpyArray { Item: Dictionary<string, object?> dict } ? dict
            : throw new FormatException("It holds no dict.");

    /// <summary>The file of a dict whose values are integers, pairs of them, or such dicts.</summary>
    public static byte[] Write(Dictionary<string, object?> dict)
    {
        const string header = "{'descr': '|O', 'fortran_order': False, 'shape': (), }";
        const int length = Alignment * 2 - Preamble;
        Span<byte> lengthBytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(lengthBytes, length);
        var text = Encoding.ASCII.GetBytes(header.PadRight(length - 1) + "\n");
        return [.. Magic, 1, 0, .. lengthBytes, .. text, .. PickleWriter.Write(dict)];
    }

    // numpy.save writes version 1.0 wherever the header has less than 64 KB.
    private static int EndOfHeader(byte[] file)
    {
        if (file.Length < Preamble || !file.AsSpan().StartsWith(Magic))
            throw new FormatException("It is no .npy file of NumPy.");
        if ((file[6], file[7]) != (1, 0))
            throw new FormatException($"Its .npy format is {file[6]}.{file[7]}; a saved dict has 1.0.");
        var end = Preamble + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        if (end > file.Length)
            throw new FormatException($"It ends in its header: {end} bytes are needed, it has {file.Length}.");
        var header = Encoding.ASCII.GetString(file, Preamble, end - Preamble).Trim();
        if (Header().Match(header) is not { Success: true } match)
            throw new FormatException("Its .npy header is damaged.");
        var (type, order, shape) = (match.Groups["type"].Value, match.Groups["order"].Value, match.Groups["shape"].Value);
        if ((type, order, shape) is not ("|O" or "O", "False", ""))
            throw new FormatException($"It holds an array of type '{type}' and shape ({shape}), fortran_order {order}; " +
                "needed is a saved dict: type '|O', shape (), fortran_order False.");
        return end;
    }

    [GeneratedRegex(
        @"^\{'descr': '(?<type>[^']{1,20})', 'fortran_order': (?<order>True|False), 'shape': \((?<shape>[0-9, ]{0,40})\),? ?\}$")]
    private static partial Regex Header();
}
