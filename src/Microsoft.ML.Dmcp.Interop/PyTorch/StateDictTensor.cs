namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>A tensor of a state dict.</summary>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Values">Reads its elements, while the file is open.</param>
internal sealed record StateDictTensor(IReadOnlyList<long> Shape, Func<float[]> Values)
{
    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", Shape)}]";
}
