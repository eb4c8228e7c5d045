using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Tests;

internal sealed class VectorRow
{
    public string Name { get; set; } = "";

    [VectorType(TestImages.Size * TestImages.Size * 3)]
    public float[] Pixels { get; set; } = [];

    public float Number { get; set; }
}
