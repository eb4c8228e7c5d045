using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests;

/// <summary>Random tensors from seeds: libtorch's own generator is shared by all tests that run at once.</summary>
internal static class Noise
{
    /// <summary>Numbers of the standard normal distribution, in double precision.</summary>
    public static Tensor Normal(int seed, params long[] shape)
    {
        using var generator = new Generator((ulong)seed);
        return randn(shape, ScalarType.Float64, CPU, false, generator);
    }
}
