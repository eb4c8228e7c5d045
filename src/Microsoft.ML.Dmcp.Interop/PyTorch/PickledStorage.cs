using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>The elements that tensors of a pickle lie in, elsewhere in the file.</summary>
/// <param name="Type">Type of the elements.</param>
/// <param name="Key">Its name in the file.</param>
/// <param name="Count">Number of elements.</param>
internal sealed record PickledStorage(ScalarType Type, string Key, long Count)
{
    /// <summary>Number of bytes.</summary>
    public long Bytes => checked(Count * TensorElements.SizeOf(Type));

    /// <summary>A storage as <c>torch.save</c> names it: ("storage", type, key, device, elements).</summary>
    /// <exception cref="FormatException">It is named otherwise, or its type is not read.</exception>
    public static PickledStorage Of(object? id) =>
        id is object?[] and ["storage", PickledGlobal type, string key, _, long count, ..] && count >= 0
            ? new PickledStorage(TypeOf(type), key, count)
            : throw new FormatException("Its pickle names the data of a tensor in an unknown way.");

    private static ScalarType TypeOf(PickledGlobal type) => type switch
    {
        { Module: "torch", Name: "FloatStorage" } => ScalarType.Float32,
        { Module: "torch", Name: "DoubleStorage" } => ScalarType.Float64,
        { Module: "torch", Name: "HalfStorage" } => ScalarType.Float16,
        { Module: "torch", Name: "BFloat16Storage" } => ScalarType.BFloat16,
        { Module: "torch", Name: "LongStorage" } => ScalarType.Int64,
        { Module: "torch", Name: "IntStorage" } => ScalarType.Int32,
        { Module: "torch", Name: "ShortStorage" } => ScalarType.Int16,
        { Module: "torch", Name: "CharStorage" } => ScalarType.Int8,
        { Module: "torch", Name: "ByteStorage" } => ScalarType.Byte,
        { Module: "torch", Name: "BoolStorage" } => ScalarType.Bool,
        _ => throw new FormatException($"Tensors of {type} are not read: save them as floats, with tensor.float() in Python."),
    };
}
