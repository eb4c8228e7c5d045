using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Tests;

internal sealed class PredictionRow
{
    public float[] Score { get; set; } = [];

    [KeyType(TestImages.Classes)]
    public uint PredictedLabel { get; set; }

    public float Number { get; set; }
}
