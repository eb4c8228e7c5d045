using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>safetensors: the length of a header, the header as JSON (type, shape and place of every tensor), the elements.</summary>
internal static class SafetensorsFile
{
    private const int LongestHeader = 16 << 20, DeepestHeader = 4;

    private sealed record Entry(string Name, ScalarType Type, long[] Shape, long Begin, long End);

    /// <summary>Reads where everything is.</summary>
    /// <param name="stream">The file; the tensors read from it later.</param>
    /// <exception cref="FormatException">It is damaged, or a tensor is not where it may be.</exception>
    /// <exception cref="JsonException">Its header is no JSON.</exception>
    public static StateDict Read(FileStream stream)
    {
        stream.Position = 0;
        Span<byte> prefix = stackalloc byte[sizeof(long)];
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length < 2 || length > Math.Min(LongestHeader, stream.Length - prefix.Length))
            throw new FormatException("It is none of torch.save (a zip archive, or the format before it) and none of safetensors.");
        var header = new byte[length];
        stream.ReadExactly(header);
        var start = stream.Position;
        var entries = Parse(header, stream.Length - start);
        RequireApart(entries);
        return new StateDict(entries.ToDictionary(e => e.Name, e => new StateDictTensor(e.Shape, () => Values(e))), []);

        float[] Values(Entry entry)
        {
            stream.Position = start + entry.Begin;
            return TensorElements.Read(stream, entry.Type, TensorElements.CountOf(entry.Shape));
        }
    }

    private static Entry[] Parse(byte[] header, long data)
    {
        using var document = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = DeepestHeader });
        try
        {
            return Required(document.RootElement, JsonValueKind.Object, "header").EnumerateObject()
                .Where(p => p.Name != "__metadata__")
                .Select(p => Parse(p.Name, p.Value, data))
                .ToArray();
        }
        catch (InvalidOperationException e)
        {
            // Texts are decoded when they are asked for.
            throw new FormatException($"Its header has a text that is no Unicode: {e.Message}", e);
        }
    }

    private static Entry Parse(string name, JsonElement value, long data)
    {
        var shape = Numbers(value, "shape", name);
        var offsets = Numbers(value, "data_offsets", name);
        var type = TypeOf(Property(value, "dtype", JsonValueKind.String, name).GetString()!, name);
        var bytes = TensorElements.CountOf(shape) * TensorElements.SizeOf(type);
        if (offsets is not [var begin, var end] || begin < 0 || end < begin || end > data || end - begin != bytes)
            throw new FormatException(FormattableString.Invariant(
                $"Tensor '{name}' has {bytes} bytes and lies at [{string.Join(", ", offsets)}] of {data}."));
        return new Entry(name, type, shape, begin, end);
    }

    private static void RequireApart(Entry[] entries)
    {
        if (entries.Select(e => e.Name).Distinct().Count() != entries.Length)
            throw new FormatException("Its header names a tensor twice.");
        var ordered = entries.Where(e => e.End > e.Begin).OrderBy(e => e.Begin).ToArray();
        foreach (var (first, second) in ordered.Zip(ordered.Skip(1)))
            if (second.Begin < first.End)
                throw new FormatException($"Tensors '{first.Name}' and '{second.Name}' overlap.");
    }

    private static long[] Numbers(JsonElement value, string property, string tensor) =>
        Property(value, property, JsonValueKind.Array, tensor).EnumerateArray()
            .Select(n => n.ValueKind == JsonValueKind.Number && n.TryGetInt64(out var number) ? number
                : throw new FormatException($"Tensor '{tensor}' has the {property} {n}."))
            .ToArray();

    private static JsonElement Property(JsonElement value, string property, JsonValueKind kind, string tensor) =>
        Required(value, JsonValueKind.Object, $"'{tensor}'").TryGetProperty(property, out var found)
            ? Required(found, kind, $"{property} of '{tensor}'")
            : throw new FormatException($"Tensor '{tensor}' has no {property}.");

    private static JsonElement Required(JsonElement value, JsonValueKind kind, string what) =>
        value.ValueKind == kind ? value : throw new FormatException($"Its {what} is a {value.ValueKind} where a {kind} is needed.");

    private static ScalarType TypeOf(string type, string tensor) => type switch
    {
        "F64" => ScalarType.Float64,
        "F32" => ScalarType.Float32,
        "F16" => ScalarType.Float16,
        "BF16" => ScalarType.BFloat16,
        "I64" => ScalarType.Int64,
        "I32" => ScalarType.Int32,
        "I16" => ScalarType.Int16,
        "I8" => ScalarType.Int8,
        "U8" => ScalarType.Byte,
        "BOOL" => ScalarType.Bool,
        _ => throw new FormatException($"Tensor '{tensor}' is of the type '{type}', which is not read."),
    };
}
