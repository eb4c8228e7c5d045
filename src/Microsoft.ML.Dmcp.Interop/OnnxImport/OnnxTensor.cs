namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>A constant of the graph. Its numbers are read or computed when they are asked for: a description needs few of them.</summary>
internal sealed class OnnxTensor
{
    private readonly Func<float[]>? _floats;
    private readonly Func<long[]>? _integers;

    public OnnxTensor(IReadOnlyList<long> dims, Func<float[]> floats) => (Dims, _floats) = (dims, floats);

    public OnnxTensor(IReadOnlyList<long> dims, Func<long[]> integers) => (Dims, _integers) = (dims, integers);

    /// <summary>Its shape.</summary>
    public IReadOnlyList<long> Dims { get; }

    /// <summary>Number of elements.</summary>
    public long Count => CountOf(Dims);

    /// <summary>Whether its elements are integers: shapes, indices.</summary>
    public bool IsInteger => _integers is not null;

    /// <summary>The elements as floats.</summary>
    public float[] Floats() => _floats is not null ? _floats() : Array.ConvertAll(_integers!(), i => (float)i);

    /// <summary>The elements as integers; those of floats are cut.</summary>
    public long[] Integers() => _integers is not null ? _integers() : Array.ConvertAll(_floats!(), f => (long)f);

    /// <summary>The same elements in another shape.</summary>
    public OnnxTensor Reshaped(IReadOnlyList<long> dims) =>
        _floats is not null ? new OnnxTensor(dims, _floats) : new OnnxTensor(dims, _integers!);

    /// <summary>The elements in another order and shape.</summary>
    /// <param name="dims">The new shape.</param>
    /// <param name="order">Where each element of the result comes from.</param>
    public OnnxTensor Picked(IReadOnlyList<long> dims, Func<IEnumerable<int>> order)
    {
        if (_floats is not null)
            return new OnnxTensor(dims, () => Pick(_floats(), order()));
        return new OnnxTensor(dims, () => Pick(_integers!(), order()));
    }

    /// <summary>Number of elements of a shape.</summary>
    /// <exception cref="OverflowException">More than can be counted.</exception>
    public static long CountOf(IEnumerable<long> dims) => dims.Aggregate(1L, (count, dim) => checked(count * dim));

    private static T[] Pick<T>(T[] elements, IEnumerable<int> order) => order.Select(i => elements[i]).ToArray();
}
