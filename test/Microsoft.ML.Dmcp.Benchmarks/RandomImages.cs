using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>Images of random bytes: speed does not depend on what they show.</summary>
internal static class RandomImages
{
    public static ImageSet Set(int count, int size, int classes)
    {
        var random = new RandomSource(1);
        var shape = new ImageShape(3, size, size, IsFloat: false);
        var images = Enumerable.Range(0, count)
            .Select(_ => Enumerable.Range(0, shape.Bytes).Select(_ => (byte)random.NextInt32(256)).ToArray()).ToArray();
        return new ImageSet(shape, new ImageStore(images), Enumerable.Range(0, count).Select(i => i % classes).ToArray(), classes);
    }
}
