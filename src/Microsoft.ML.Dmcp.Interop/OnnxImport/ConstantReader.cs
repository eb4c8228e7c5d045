using Onnx;

namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>Computes what does not depend on the image: weights in other orders, and the shapes that a graph computes with.</summary>
internal static class ConstantReader
{
    private const long MostComputed = 1 << 20;

    public static OnnxValue Constant(NodeReader node)
    {
        if (node.Attribute("value") is { T: { } tensor })
            return new ConstantValue(node.Network.Graph.Tensors.Read(tensor));
        if (node.Attribute("value_float") is { } number)
            return new ConstantValue(new OnnxTensor([], () => new[] { number.F }));
        if (node.Attribute("value_int") is { } integer)
            return new ConstantValue(new OnnxTensor([], () => new[] { integer.I }));
        if (node.Attribute("value_floats") is { } numbers)
            return new ConstantValue(new OnnxTensor([numbers.Floats.Count], () => numbers.Floats.ToArray()));
        if (node.Attribute("value_ints") is { } integers)
            return new ConstantValue(new OnnxTensor([integers.Ints.Count], () => integers.Ints.ToArray()));
        throw node.Invalid("it has no value that is read");
    }

    public static OnnxValue ConstantOfShape(NodeReader node)
    {
        var dims = node.Constant(0).Integers();
        var count = Bounded(node, dims);
        var value = node.Attribute("value") is { T: { } tensor } ? node.Network.Graph.Tensors.Read(tensor) : null;
        return value is { IsInteger: true }
            ? Computed(dims, Enumerable.Repeat(value.Integers()[0], count).ToArray())
            : Computed(dims, Enumerable.Repeat(value?.Floats()[0] ?? 0, count).ToArray());
    }

    public static OnnxValue Shape(NodeReader node)
    {
        var dims = node.Value(0) switch
        {
            ConstantValue constant => [.. constant.Tensor.Dims],
            _ => node.Feature(0).Dims(node.Network.Source.Batch),
        };
        var start = (int)Math.Clamp(Counted(node.Integer("start", 0)), 0, dims.Length);
        var end = (int)Math.Clamp(Counted(node.Integer("end", dims.Length)), start, dims.Length);
        var part = dims[start..end];
        return new ConstantValue(new OnnxTensor([part.Length], () => part));

        long Counted(long axis) => axis < 0 ? axis + dims.Length : axis;
    }

    public static OnnxValue Gather(NodeReader node)
    {
        var (x, indices) = (Vector(node), node.Constant(1));
        Bounded(node, indices.Dims);
        var chosen = indices.Integers().Select(i => node.Axis(i, (int)x.Count)).ToArray();
        return Evaluated(x.Picked(indices.Dims, () => chosen));
    }

    public static OnnxValue Slice(NodeReader node)
    {
        var x = Vector(node);
        var starts = node.Opset < 10 ? node.Integers("starts") : node.Constant(1).Integers();
        var ends = node.Opset < 10 ? node.Integers("ends") : node.Constant(2).Integers();
        var step = node.Opset < 10 ? 1 : node.OptionalConstant(4)?.Integers()[0] ?? 1;
        if (starts is not [var start] || ends is not [var end] || step != 1)
            throw node.Invalid("it takes another part of a constant than a range");
        var from = (int)Math.Clamp(start < 0 ? start + x.Count : start, 0, x.Count);
        var to = (int)Math.Clamp(end < 0 ? end + x.Count : end, from, x.Count);
        Bounded(node, [to - from]);
        return Evaluated(x.Picked([to - from], () => Enumerable.Range(from, to - from)));
    }

    public static OnnxValue Concat(NodeReader node)
    {
        var parts = Enumerable.Range(0, node.InputCount).Select(node.Constant).ToArray();
        if (parts.Any(p => p.Dims.Count != 1) || parts.Sum(p => p.Count) > MostComputed)
            throw node.Invalid("it puts constants side by side that are no short vectors");
        var length = parts.Sum(p => p.Count);
        Bounded(node, [length]);
        return parts.All(p => p.IsInteger)
            ? Computed([length], parts.SelectMany(p => p.Integers()).ToArray())
            : Computed([length], parts.SelectMany(p => p.Floats()).ToArray());
    }

    public static OnnxValue Cast(NodeReader node, OnnxTensor tensor) =>
        new ConstantValue((TensorProto.Types.DataType)node.Integer("to", 1) switch
        {
            TensorProto.Types.DataType.Int64 or TensorProto.Types.DataType.Int32 => new OnnxTensor(tensor.Dims, tensor.Integers, tensor),
            TensorProto.Types.DataType.Float or TensorProto.Types.DataType.Double or TensorProto.Types.DataType.Float16 =>
                new OnnxTensor(tensor.Dims, tensor.Floats, tensor),
            var type => throw node.Invalid($"it makes {type} of a constant"),
        });

    public static OnnxValue Squeeze(NodeReader node, OnnxTensor tensor, long[]? axes)
    {
        var removed = axes?.Select(a => node.Axis(a, tensor.Dims.Count)).ToHashSet();
        var dims = tensor.Dims.Where((dim, i) => removed is null ? dim != 1 : !removed.Contains(i)).ToArray();
        return new ConstantValue(OnnxTensor.CountOf(dims) == tensor.Count
            ? tensor.Reshaped(dims) : throw node.Invalid("it removes an axis that is longer than 1"));
    }

    public static OnnxValue Unsqueeze(NodeReader node, OnnxTensor tensor, long[] axes)
    {
        var dims = tensor.Dims.ToList();
        foreach (var axis in axes.Select(a => node.Axis(a, tensor.Dims.Count + axes.Length)).Order())
            dims.Insert(axis, 1);
        return new ConstantValue(tensor.Reshaped(dims));
    }

    public static OnnxValue Transpose(NodeReader node, OnnxTensor tensor, long[]? order)
    {
        var rank = tensor.Dims.Count;
        var axes = order?.Select(a => node.Axis(a, rank)).ToArray() ?? Enumerable.Range(0, rank).Reverse().ToArray();
        if (!axes.Order().SequenceEqual(Enumerable.Range(0, rank)))
            throw node.Invalid("its perm is no order of the axes");
        var dims = axes.Select(a => tensor.Dims[a]).ToArray();
        return new ConstantValue(tensor.Picked(dims, () => Order(tensor.Dims, axes)));
    }

    /// <summary>Element by element, with one number or a shape repeated as usual where one is the end of the other.</summary>
    public static OnnxValue Combined(
        NodeReader node, OnnxTensor a, OnnxTensor b, Func<float, float, float> ofFloats, Func<long, long, long> ofIntegers)
    {
        var dims = a.Count >= b.Count ? a.Dims : b.Dims;
        var count = Bounded(node, dims);
        if (a.Count == 0 || b.Count == 0 || Math.Min(a.Count, b.Count) is var less && less != 1 && !(a.Dims.SequenceEqual(b.Dims)))
            throw node.Invalid($"it combines constants [{string.Join(", ", a.Dims)}] and [{string.Join(", ", b.Dims)}]");
        return a.IsInteger && b.IsInteger
            ? Computed(dims, Each(a.Integers(), b.Integers(), count, ofIntegers))
            : Computed(dims, Each(a.Floats(), b.Floats(), count, ofFloats));
    }

    /// <summary>A function of every element.</summary>
    public static OnnxValue Mapped(NodeReader node, OnnxTensor tensor, Func<float, float> function)
    {
        Bounded(node, tensor.Dims);
        return tensor.IsInteger
            ? Computed(tensor.Dims, Array.ConvertAll(tensor.Integers(), i => (long)function(i)))
            : Computed(tensor.Dims, Array.ConvertAll(tensor.Floats(), f => function(f)));
    }

    private static ConstantValue Computed(IReadOnlyList<long> dims, float[] values) => new(new OnnxTensor(dims, () => values));

    private static ConstantValue Computed(IReadOnlyList<long> dims, long[] values) => new(new OnnxTensor(dims, () => values));

    private static ConstantValue Evaluated(OnnxTensor tensor) =>
        tensor.IsInteger ? Computed(tensor.Dims, tensor.Integers()) : Computed(tensor.Dims, tensor.Floats());

    private static T[] Each<T>(T[] a, T[] b, int count, Func<T, T, T> operation)
    {
        var result = new T[count];
        for (var i = 0; i < count; i++)
            result[i] = operation(a[a.Length == 1 ? 0 : i], b[b.Length == 1 ? 0 : i]);
        return result;
    }

    private static IEnumerable<int> Order(IReadOnlyList<long> dims, int[] axes)
    {
        var strides = new int[dims.Count];
        var stride = 1;
        for (var i = dims.Count - 1; i >= 0; i--)
            (strides[i], stride) = (stride, (int)(stride * dims[i]));
        var position = new long[axes.Length];
        for (var left = stride; left > 0; left--)
        {
            var index = 0L;
            for (var i = 0; i < axes.Length; i++)
                index += position[i] * strides[axes[i]];
            yield return (int)index;
            for (var i = axes.Length - 1; i >= 0 && ++position[i] == dims[axes[i]]; i--)
                position[i] = 0;
        }
    }

    private static OnnxTensor Vector(NodeReader node)
    {
        if (node.Value(0) is not ConstantValue { Tensor: { Dims.Count: 1 } tensor } || tensor.Count > MostComputed)
            throw node.Invalid("it takes a part of something other than a shape");
        return tensor;
    }

    private static int Bounded(NodeReader node, IReadOnlyList<long> dims)
    {
        var count = 1L;
        foreach (var dim in dims)
        {
            if (dim < 0 || dim > MostComputed || (count *= dim) > MostComputed)
                throw node.Invalid($"it computes a constant of the shape [{string.Join(", ", dims)}]; " +
                    $"at most {MostComputed} elements are computed");
        }
        node.Network.Compute(count);
        return (int)count;
    }
}
