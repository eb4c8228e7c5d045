namespace Microsoft.ML.Dmcp.Tests;

internal sealed class ScoreRow
{
    public float[] Score { get; set; } = [];
}
