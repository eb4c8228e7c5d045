using System.Globalization;
using System.Runtime.InteropServices;
using Onnx;

namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>
/// Reads the tensors of a model. Their sizes are compared with the bytes that are there before anything is allocated, and data outside of
/// the file is read from the model's folder only.
/// </summary>
/// <param name="folder">The model's folder.</param>
internal sealed class OnnxTensorReader(string folder)
{
    private const long MostElements = 1 << 29;

    private long _elements;

    /// <summary>A tensor, checked.</summary>
    /// <exception cref="FormatException">Its type is not read, its size is not that of its data, or its data is elsewhere.</exception>
    public OnnxTensor Read(TensorProto tensor)
    {
        var dims = tensor.Dims.ToArray();
        var count = 1L;
        foreach (var dim in dims)
        {
            if (dim < 0 || (dim > 0 && count > MostElements / dim))
                throw Invalid(tensor, $"has the shape [{string.Join(", ", dims)}]; at most {MostElements} elements are read");
            count *= dim;
        }
        _elements += count;
        if (_elements > MostElements)
            throw Invalid(tensor, $"makes more than {MostElements} elements in one model");
        var type = (TensorProto.Types.DataType)tensor.DataType;
        var size = SizeOf(type) ?? throw Invalid(tensor, $"is of the type {type}, which is not read");
        var values = ValuesOf(tensor, type);
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
        {
            var (path, offset) = External(tensor, count * size);
            return Decoded(dims, type, () => Bytes(path, offset, checked((int)(count * size))));
        }
        if (values is { } typed && tensor.RawData.Length == 0)
            return typed.Count == count ? typed.Tensor(dims) : throw Invalid(tensor, $"has {typed.Count} elements for a shape of {count}");
        if (tensor.RawData.Length != count * size)
            throw Invalid(tensor, $"has {tensor.RawData.Length} bytes for a shape of {count} elements of {size} bytes");
        return Decoded(dims, type, () => tensor.RawData.ToByteArray());
    }

    private static (int Count, Func<long[], OnnxTensor> Tensor)? ValuesOf(TensorProto tensor, TensorProto.Types.DataType type) =>
        type switch
    {
        TensorProto.Types.DataType.Float when tensor.FloatData.Count > 0 =>
            (tensor.FloatData.Count, dims => new OnnxTensor(dims, () => tensor.FloatData.ToArray())),
        TensorProto.Types.DataType.Double when tensor.DoubleData.Count > 0 =>
            (tensor.DoubleData.Count, dims => new OnnxTensor(dims, () => tensor.DoubleData.Select(d => (float)d).ToArray())),
        TensorProto.Types.DataType.Int64 when tensor.Int64Data.Count > 0 =>
            (tensor.Int64Data.Count, dims => new OnnxTensor(dims, () => tensor.Int64Data.ToArray())),
        TensorProto.Types.DataType.Int32 or TensorProto.Types.DataType.Bool when tensor.Int32Data.Count > 0 =>
            (tensor.Int32Data.Count, dims => new OnnxTensor(dims, () => tensor.Int32Data.Select(i => (long)i).ToArray())),
        TensorProto.Types.DataType.Float16 when tensor.Int32Data.Count > 0 => (tensor.Int32Data.Count,
            dims => new OnnxTensor(dims, () => tensor.Int32Data.Select(i => (float)BitConverter.UInt16BitsToHalf((ushort)i)).ToArray())),
        _ => null,
    };

    private static OnnxTensor Decoded(long[] dims, TensorProto.Types.DataType type, Func<byte[]> bytes) => type switch
    {
        TensorProto.Types.DataType.Float => new OnnxTensor(dims, () => MemoryMarshal.Cast<byte, float>(bytes()).ToArray()),
        TensorProto.Types.DataType.Double => new OnnxTensor(dims,
            () => Array.ConvertAll(MemoryMarshal.Cast<byte, double>(bytes()).ToArray(), d => (float)d)),
        TensorProto.Types.DataType.Float16 => new OnnxTensor(dims,
            () => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes()).ToArray(), h => (float)h)),
        TensorProto.Types.DataType.Bfloat16 => new OnnxTensor(dims,
            () => Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(bytes()).ToArray(), b => BitConverter.Int32BitsToSingle(b << 16))),
        TensorProto.Types.DataType.Int64 => new OnnxTensor(dims, () => MemoryMarshal.Cast<byte, long>(bytes()).ToArray()),
        TensorProto.Types.DataType.Int32 => new OnnxTensor(dims,
            () => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(bytes()).ToArray(), i => (long)i)),
        _ => new OnnxTensor(dims, () => Array.ConvertAll(bytes(), b => (long)b)),
    };

    private static int? SizeOf(TensorProto.Types.DataType type) => type switch
    {
        TensorProto.Types.DataType.Float or TensorProto.Types.DataType.Int32 => 4,
        TensorProto.Types.DataType.Double or TensorProto.Types.DataType.Int64 => 8,
        TensorProto.Types.DataType.Float16 or TensorProto.Types.DataType.Bfloat16 => 2,
        TensorProto.Types.DataType.Bool or TensorProto.Types.DataType.Uint8 => 1,
        _ => null,
    };

    private (string Path, long Offset) External(TensorProto tensor, long length)
    {
        var entries = new Dictionary<string, string>();
        foreach (var entry in tensor.ExternalData)
            entries[entry.Key] = entry.Value;
        var location = entries.GetValueOrDefault("location", "");
        var offset = Number("offset", 0);
        var given = Number("length", length);
        if (location.Length == 0 || location.Contains('\0') || Path.IsPathRooted(location) || !IsInside(Path.Combine(folder, location)))
            throw Invalid(tensor, $"has its data in '{location}', outside of the model's folder");
        var file = new FileInfo(Path.Combine(folder, location));
        if (!file.Exists || !IsInside((file.ResolveLinkTarget(returnFinalTarget: true) ?? file).FullName))
            throw Invalid(tensor, $"has its data in '{location}', which is not in the model's folder");
        if (given != length || offset < 0 || offset > file.Length - length)
            throw Invalid(tensor, $"needs {length} bytes behind {offset} of '{location}', which says {given} and has {file.Length}");
        return (file.FullName, offset);

        long Number(string name, long missing) => !entries.TryGetValue(name, out var text) ? missing
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw Invalid(tensor, $"has a {name} of '{text}'");
    }

    private bool IsInside(string path) =>
        Path.GetFullPath(path).StartsWith(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar,
            StringComparison.Ordinal);

    private static byte[] Bytes(string path, long offset, int length)
    {
        using var file = File.OpenRead(path);
        file.Position = offset;
        var bytes = new byte[length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static FormatException Invalid(TensorProto tensor, string what) =>
        new(FormattableString.Invariant($"Tensor '{tensor.Name}' {what}."));
}
