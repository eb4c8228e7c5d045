namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>A tensor of a pickle: where its elements lie in a storage.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Offset">Index of its first element there.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Strides">Distance of neighbours along every dimension, in elements.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>Number of elements.</summary>
    public long Count { get; } = TensorElements.CountOf(Shape);

    /// <summary>Elements of the storage from the first to the last of its own.</summary>
    public long Span => Count == 0 ? 0 : Shape.Zip(Strides, (size, stride) => checked((size - 1) * stride)).Sum() + 1;

    /// <summary>A tensor as the arguments of <c>torch._utils._rebuild_tensor_v2</c> describe it.</summary>
    /// <exception cref="FormatException">It is described otherwise, or does not lie in its storage.</exception>
    public static PickledTensor Of(object?[] arguments)
    {
        if (arguments is not [PickledStorage storage, long offset, object?[] shape, object?[] strides, ..]
            || shape.Length != strides.Length || !AreSizes(shape) || !AreSizes(strides) || offset < 0)
            throw new FormatException("Its pickle describes a tensor in an unknown way.");
        var tensor = new PickledTensor(storage, offset, [.. shape.Cast<long>()], [.. strides.Cast<long>()]);
        return checked(offset + tensor.Span) <= storage.Count ? tensor
            : throw new FormatException(
                $"A tensor [{string.Join(", ", tensor.Shape)}] reaches beyond the {storage.Count} elements of its data.");
    }

    /// <summary>The elements in the order of the dimensions.</summary>
    /// <param name="data">The storage's bytes; read to where the tensor ends.</param>
    /// <exception cref="EndOfStreamException">They end before.</exception>
    public float[] Read(Stream data)
    {
        var size = TensorElements.SizeOf(Storage.Type);
        Skip(data, Offset * size);
        var span = TensorElements.Read(data, Storage.Type, Span);
        if (IsInOrder)
            return span;
        var values = new float[Count];
        var index = new long[Shape.Length];
        long at = 0;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = span[at];
            for (var d = Shape.Length - 1; d >= 0; d--)
            {
                at += Strides[d];
                if (++index[d] < Shape[d])
                    break;
                at -= Strides[d] * Shape[d];
                index[d] = 0;
            }
        }
        return values;
    }

    private bool IsInOrder
    {
        get
        {
            var (stride, isInOrder) = (1L, true);
            for (var d = Shape.Length - 1; d >= 0; d--)
            {
                isInOrder &= Shape[d] == 1 || Strides[d] == stride;
                stride *= Shape[d];
            }
            return isInOrder;
        }
    }

    private static bool AreSizes(object?[] values) => values.All(value => value is long and >= 0);

    private static void Skip(Stream data, long bytes)
    {
        if (data.CanSeek)
        {
            data.Position += bytes;
            return;
        }
        var buffer = new byte[1 << 16];
        for (; bytes > 0; bytes -= buffer.Length)
            data.ReadExactly(buffer, 0, (int)Math.Min(bytes, buffer.Length));
    }
}
