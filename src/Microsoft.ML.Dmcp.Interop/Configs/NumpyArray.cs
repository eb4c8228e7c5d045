namespace Microsoft.ML.Dmcp.Interop.Configs;

/// <summary>An array of NumPy with one Python object and no dimensions: what <c>numpy.save</c> makes of a dict.</summary>
internal sealed class NumpyArray
{
    /// <summary>The object; null as long as it has none.</summary>
    public object? Item { get; set; }
}
