using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Tests;

/// <summary>A row whose label is a key without names; in classes they count from 0.</summary>
internal sealed class KeyedRow
{
    [KeyType(TestImages.Classes)]
    public uint Label { get; set; }

    [VectorType(TestImages.Size * TestImages.Size * 3)]
    public float[] Pixels { get; set; } = [];

    public float Number { get; set; }
}
