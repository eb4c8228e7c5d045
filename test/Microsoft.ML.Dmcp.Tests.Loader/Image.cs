using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Tests.Loader;

internal sealed class Image
{
    public const int Size = 12 * 12 * 3;

    [VectorType(Size)]
    public float[] Pixels { get; set; } = [];

    public int Digit { get; set; }
}
