namespace Microsoft.ML.Dmcp.Interop.Import;

/// <summary>A weight of the network from the file.</summary>
/// <param name="Dims">Its shape in the network.</param>
/// <param name="Values">Reads it.</param>
internal sealed record ImportedWeight(IReadOnlyList<long> Dims, Func<float[]> Values);
