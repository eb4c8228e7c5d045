using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Tests;

internal sealed class NumberedRow
{
    public int Digit { get; set; }

    [VectorType(TestImages.Size * TestImages.Size * 3)]
    public float[] Pixels { get; set; } = [];
}
