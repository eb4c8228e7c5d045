namespace Microsoft.ML.Dmcp.Tests.Loader;

internal sealed class Prediction
{
    public float[] Score { get; set; } = [];

    public int Class { get; set; }
}
