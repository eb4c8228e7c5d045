namespace Microsoft.ML.Dmcp.Tests.Interop;

internal sealed class PlanarRow
{
    public float[] Pixels { get; set; } = [];
}
