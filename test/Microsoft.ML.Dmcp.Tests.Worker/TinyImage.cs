using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Tests.Worker;

/// <summary>An image of <see cref="TinyExperiment"/>, planar, and its class.</summary>
public sealed class TinyImage
{
    [VectorType(3 * TinyExperiment.Size * TinyExperiment.Size)]
    public byte[] Features { get; set; } = [];

    public string Label { get; set; } = "";
}
