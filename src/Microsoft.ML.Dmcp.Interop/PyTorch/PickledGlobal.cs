namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>A class or function of Python that a pickle names. It is a name and nothing else: nothing is looked up or called.</summary>
/// <param name="Module">Its module.</param>
/// <param name="Name">Its name there.</param>
internal sealed record PickledGlobal(string Module, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Module}.{Name}";
}
