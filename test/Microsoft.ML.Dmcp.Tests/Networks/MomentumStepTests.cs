using Microsoft.ML.Dmcp.Networks.Kernels;
using Microsoft.ML.Dmcp.Runs.Native;
using static Microsoft.ML.Dmcp.Tests.Networks.KernelValues;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Networks;

public class MomentumStepTests
{
    private const double Factor = 0.25, Decay = 0.01, Momentum = 0.9, Rate = 0.1;

    [Theory]
    [InlineData(new long[] { 1, 1, 1, 1 }, true)]
    [InlineData(new long[] { 3, 5, 3, 3 }, false)]
    [InlineData(new long[] { 70, 67, 3, 5 }, true)]
    public void Two_steps_are_those_of_SGD_with_Nesterov_momentum_in_64_bits_and_leave_no_gradient(long[] shape, bool isShortened)
    {
        if (!LibtorchThreads.AreFound)
            return;
        using var scope = NewDisposeScope();
        using var ofThisRun = new RunThreads(2);
        var (w, v) = (Values(1, shape), Values(2, shape));
        var (w64, v64) = (w.to(ScalarType.Float64), v.to(ScalarType.Float64));
        for (var step = 0; step < 2; step++)
        {
            var g = Values(3 + step, shape);
            var d = g.to(ScalarType.Float64).mul(isShortened ? Factor : 1).add(w64.mul(Decay));
            v64 = v64.mul(Momentum).add(d);
            w64 = w64.sub(d.add(v64.mul(Momentum)).mul(Rate));
            Assert.True(MomentumStep.TryRun(w, g, v, isShortened ? tensor((float)Factor) : null, Decay, Momentum, Rate));
            Assert.Equal(0, g.abs().sum().item<float>());
        }
        AssertClose(w64, w, 1e-6);
        AssertClose(v64, v, 1e-6);
    }

    [Fact]
    public void Weights_and_gradients_in_different_orders_or_of_other_types_are_left_to_libtorch()
    {
        using var scope = NewDisposeScope();
        var w = Values(5, 4, 6, 3, 3);
        var before = Numbers(w);
        Assert.False(Run(w, w.contiguous(), w.clone()));
        Assert.False(Run(w, w.clone(), w.contiguous()));
        Assert.False(Run(w, w.to(ScalarType.Float64), w.clone()));
        Assert.False(Run(w.narrow(1, 1, 4), w.narrow(1, 1, 4), w.narrow(1, 1, 4)));
        Assert.False(Run(w.to(META), w.to(META), w.to(META)));
        Assert.Equal(before, Numbers(w));

        static bool Run(Tensor weight, Tensor gradient, Tensor velocity) =>
            MomentumStep.TryRun(weight, gradient, velocity, null, Decay, Momentum, Rate);
    }
}
