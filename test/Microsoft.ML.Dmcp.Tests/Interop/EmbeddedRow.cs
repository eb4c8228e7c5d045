namespace Microsoft.ML.Dmcp.Tests.Interop;

internal sealed class EmbeddedRow
{
    public float[] Score { get; set; } = [];

    public float[] Embedding { get; set; } = [];
}
