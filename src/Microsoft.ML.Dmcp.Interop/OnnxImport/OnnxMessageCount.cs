namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>
/// Counts the messages of a file before they become objects: an empty message takes two bytes in the file and a hundred in memory.
/// </summary>
internal static class OnnxMessageCount
{
    private const int Most = 2_000_000, Deepest = 32;

    // What a message is, as far as its parts differ.
    private enum Kind
    {
        Model,
        Graph,
        Node,
        Attribute,
        Leaf,
    }

    /// <summary>Reads over the file.</summary>
    /// <exception cref="FormatException">It has too many messages, or is damaged.</exception>
    public static void Check(Stream file)
    {
        var left = Most;
        Fields(file, file.Length, Kind.Model, 0, ref left);
    }

    // The parts of a model, of its graph, and of the parts of that: nodes, and their attributes.
    private static void Fields(Stream file, long end, Kind kind, int depth, ref int left)
    {
        while (file.Position < end)
        {
            if (--left < 0)
                throw new FormatException($"It has more than {Most} parts.");
            var tag = Number(file);
            switch (tag & 7)
            {
                case 0:
                    Number(file);
                    break;
                case 1:
                    file.Position += 8;
                    break;
                case 5:
                    file.Position += 4;
                    break;
                case 2:
                    var length = (long)Number(file);
                    var next = file.Position + length;
                    if (length < 0 || next > end || next < file.Position)
                        throw new FormatException("It is damaged or no ONNX model: a part is longer than the file.");
                    if (PartOf(kind, (int)(tag >> 3)) is { } part)
                    {
                        if (depth == Deepest)
                            throw new FormatException("It is nested too deep.");
                        Fields(file, next, part, depth + 1, ref left);
                    }
                    file.Position = next;
                    break;
                default:
                    throw new FormatException("It is damaged or no ONNX model.");
            }
        }
    }

    // Names and the data of tensors are skipped: only what has parts is read.
    private static Kind? PartOf(Kind kind, int field) => (kind, field) switch
    {
        (Kind.Model, 7) => Kind.Graph,
        (Kind.Model, 8 or 14 or 20 or 25) => Kind.Leaf,
        (Kind.Graph, 1) => Kind.Node,
        (Kind.Graph, 5 or 11 or 12 or 13 or 14 or 15 or 16) => Kind.Leaf,
        (Kind.Node, 5) => Kind.Attribute,
        (Kind.Attribute, 6 or 11) => Kind.Graph,
        (Kind.Attribute, 5 or 10) => Kind.Leaf,
        _ => null,
    };

    private static ulong Number(Stream file)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = file.ReadByte();
            if (next < 0)
                throw new FormatException("It is damaged or no ONNX model: it ends early.");
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        throw new FormatException("It is damaged or no ONNX model.");
    }
}
