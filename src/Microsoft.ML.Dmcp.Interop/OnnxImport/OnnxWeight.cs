namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>A weight of the network from the file.</summary>
/// <param name="Dims">Its shape in the network.</param>
/// <param name="Values">Reads it.</param>
internal sealed record OnnxWeight(IReadOnlyList<long> Dims, Func<float[]> Values);
