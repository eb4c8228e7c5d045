namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>A constant of the graph. Its numbers are read or computed when they are asked for: a description needs few of them.</summary>
internal sealed class OnnxTensor
{
    private const int LongestChain = 32;

    private readonly Func<float[]>? _floats;
    private readonly Func<long[]>? _integers;
    private readonly int _chain;

    /// <summary>Floats.</summary>
    /// <param name="dims">The shape.</param>
    /// <param name="floats">Reads or computes them.</param>
    /// <param name="source">The tensor that they are computed of when they are asked for; null for none.</param>
    /// <exception cref="FormatException">They would be computed over too many steps.</exception>
    public OnnxTensor(IReadOnlyList<long> dims, Func<float[]> floats, OnnxTensor? source = null) =>
        (Dims, _floats, _chain) = (dims, floats, ChainOf(source));

    /// <summary>Integers.</summary>
    /// <inheritdoc cref="OnnxTensor(IReadOnlyList{long}, Func{float[]}, OnnxTensor)"/>
    public OnnxTensor(IReadOnlyList<long> dims, Func<long[]> integers, OnnxTensor? source = null) =>
        (Dims, _integers, _chain) = (dims, integers, ChainOf(source));

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
        _floats is not null ? new OnnxTensor(dims, _floats, this) : new OnnxTensor(dims, _integers!, this);

    /// <summary>The elements in another order and shape.</summary>
    /// <param name="dims">The new shape.</param>
    /// <param name="order">Where each element of the result comes from.</param>
    public OnnxTensor Picked(IReadOnlyList<long> dims, Func<IEnumerable<int>> order)
    {
        if (_floats is not null)
            return new OnnxTensor(dims, () => Pick(_floats(), order()), this);
        return new OnnxTensor(dims, () => Pick(_integers!(), order()), this);
    }

    /// <summary>Number of elements of a shape.</summary>
    /// <exception cref="OverflowException">More than can be counted.</exception>
    public static long CountOf(IEnumerable<long> dims) => dims.Aggregate(1L, (count, dim) => checked(count * dim));

    // One step calls the other: their number is limited, or a file could use up the stack.
    private static int ChainOf(OnnxTensor? source) => source is null ? 0
        : source._chain < LongestChain ? source._chain + 1
        : throw new FormatException($"a constant is computed over more than {LongestChain} steps");

    private static T[] Pick<T>(T[] elements, IEnumerable<int> order) => order.Select(i => elements[i]).ToArray();
}
