using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Networks;

/// <summary>What kernels of ours are tested with.</summary>
internal static class KernelValues
{
    /// <summary>Random values, channels last.</summary>
    public static Tensor Values(int seed, params long[] shape) =>
        Noise.Normal(seed, shape[0], shape[2], shape[3], shape[1]).to(ScalarType.Float32).permute(0, 3, 1, 2);

    /// <summary>The numbers of a tensor of any type.</summary>
    public static float[] Numbers(Tensor values) => values.to(ScalarType.Float32).contiguous().data<float>().ToArray();

    /// <summary>Compares with values of 64 bits.</summary>
    public static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        var difference = actual.to(ScalarType.Float64).sub(expected).abs().max().item<double>();
        Assert.InRange(difference / expected.abs().max().item<double>(), 0, tolerance);
    }

    /// <summary>Takes a step again and again, in scopes of their own: no more tensors live after the last than after the first.</summary>
    public static void AssertNothingStays(Action step)
    {
        Step();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 5; i++)
            Step();
        Assert.Equal(before, Tensor.TotalCount);

        void Step()
        {
            using var scope = NewDisposeScope();
            step();
        }
    }
}
