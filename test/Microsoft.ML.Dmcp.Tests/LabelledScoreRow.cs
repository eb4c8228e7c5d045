using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Tests;

internal sealed class LabelledScoreRow
{
    [KeyType(TestImages.Classes)]
    public uint Label { get; set; }

    public float[] Score { get; set; } = [];
}
