namespace Microsoft.ML.Dmcp.Interop.Configs;

/// <summary>A class or function that a pickle names. It stands for itself: nothing is looked up or called.</summary>
/// <param name="Name">Its module and its name.</param>
internal sealed record PickleGlobal(string Name)
{
    /// <summary>Makes an array without content.</summary>
    public const string Reconstruct = "numpy.core.multiarray._reconstruct";

    /// <summary>Makes a number.</summary>
    public const string Scalar = "numpy.core.multiarray.scalar";

    /// <summary>The class of arrays.</summary>
    public const string Array = "numpy.ndarray";

    /// <summary>The class of types of elements.</summary>
    public const string Type = "numpy.dtype";

    /// <summary>Makes bytes of a text: protocol 2 has no bytes.</summary>
    public const string Encode = "_codecs.encode";

    private static readonly string[] Known = [Reconstruct, Scalar, Array, Type, Encode];

    /// <summary>One of those above; null for every other one. NumPy 2 calls its inner package _core.</summary>
    public static PickleGlobal? Find(string module, string name)
    {
        var full = $"{(module == "numpy._core.multiarray" ? "numpy.core.multiarray" : module)}.{name}";
        return Known.Contains(full) ? new PickleGlobal(full) : null;
    }
}
