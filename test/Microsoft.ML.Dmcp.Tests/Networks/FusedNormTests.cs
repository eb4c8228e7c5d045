using Microsoft.ML.Dmcp.Networks.Kernels;
using Microsoft.ML.Dmcp.Runs.Native;
using static Microsoft.ML.Dmcp.Tests.Networks.KernelValues;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Networks;

public class FusedNormTests
{
    private const double Epsilon = 1e-5, Momentum = 0.1;

    /// <summary>Shapes [N, C, H, W]: rows of one pixel, of several, of a quarter of a million values, an odd number of pixels.</summary>
    public static TheoryData<long[], bool, double, int, bool> Cases()
    {
        var cases = new TheoryData<long[], bool, double, int, bool>();
        foreach (long[] shape in (long[][])[[4, 144, 5, 3], [3, 16, 8, 8], [32, 3, 4, 4], [9, 32, 1, 1], [16, 64, 24, 24]])
            foreach (var is16Bits in (bool[])[false, true])
                foreach (var adds in (bool[])[false, true])
                    // A sum just below 6 is 6 in 16 bits, which has no gradient, in libtorch as here.
                    foreach (var upper in adds && is16Bits ? (double[])[double.PositiveInfinity] : [6, double.PositiveInfinity])
                        cases.Add(shape, is16Bits, upper, upper == 6 ? 1 : 2, adds);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_gradients_and_running_statistics_are_those_of_batch_norm_sum_and_activation_in_64_bits(
        long[] shape, bool is16Bits, double upper, int threads, bool adds)
    {
        using var scope = NewDisposeScope();
        using var ofThisRun = new RunThreads(threads);
        var channels = shape[1];
        var x = Values(1, shape).mul(2).add(0.5).to(is16Bits ? ScalarType.BFloat16 : ScalarType.Float32);
        var (scale, shift) = (Noise.Normal(2, channels).add(1).to(ScalarType.Float32), Noise.Normal(3, channels).to(ScalarType.Float32));
        var (gradient, summand) = (Values(4, shape).to(x.dtype), Values(12, shape).to(x.dtype));
        var mean = Noise.Normal(5, channels).to(ScalarType.Float32);
        var variance = Noise.Normal(6, channels).square().to(ScalarType.Float32);
        // No activation is no lower limit either.
        var lower = double.IsInfinity(upper) && threads == 2 && channels == 16 ? double.NegativeInfinity : 0;

        var (m, v) = (mean.clone(), variance.clone());
        Tensor[] all = adds ? [x, scale, shift, summand] : [x, scale, shift];
        var ours = all.Select(t => t.detach().requires_grad_(true)).ToArray();
        var layout = NormLayout.Of(ours[0], ours[1]);
        Assert.NotNull(layout);
        var y = FusedNorm.Run(
            ours[0], ours[1], ours[2], adds ? ours[3] : null,
            new NormSettings(layout.Value, Epsilon, (float)lower, (float)upper, m, v, Momentum));
        y.backward([gradient]);

        var (m64, v64) = (mean.to(ScalarType.Float64), variance.to(ScalarType.Float64));
        var theirs = all.Select(t => t.to(ScalarType.Float64).detach().requires_grad_(true)).ToArray();
        var y64 = nn.functional.batch_norm(theirs[0], m64, v64, theirs[1], theirs[2], true, Momentum, Epsilon);
        y64 = (adds ? y64.add(theirs[3]) : y64).clamp(lower, upper);
        y64.backward([gradient.to(ScalarType.Float64)]);

        Assert.Equal(x.dtype, y.dtype);
        Assert.Equal(x.stride(), y.stride());
        AssertClose(y64, y, is16Bits ? 1.0 / 256 : 1e-5);
        AssertClose(theirs[0].grad!, ours[0].grad!, is16Bits ? 1.0 / 256 : 1e-5);
        AssertClose(theirs[1].grad!, ours[1].grad!, 1e-5);
        AssertClose(theirs[2].grad!, ours[2].grad!, 1e-5);
        if (adds)
            Assert.Equal(Numbers(theirs[3].grad!), Numbers(ours[3].grad!));
        AssertClose(m64, m, 1e-5);
        AssertClose(v64, v, 1e-5);
    }

    [Fact]
    public void Rounds_to_16_bits_as_libtorch_does()
    {
        using var scope = NewDisposeScope();
        var x = Values(7, 8, 16, 4, 4);
        // With a scale of σ and a shift of μ the values stay as they are, but for the last digits of 32 bits.
        var mean = x.mean([0, 2, 3]);
        var scale = x.var([0, 2, 3], unbiased: false).add(Epsilon).sqrt();
        var in16Bits = x.to(ScalarType.BFloat16);
        var same = Run(in16Bits, in16Bits.to(ScalarType.Float32).var([0, 2, 3], unbiased: false).add(Epsilon).sqrt(),
            in16Bits.to(ScalarType.Float32).mean([0, 2, 3]));
        Assert.Equal(Numbers(in16Bits), Numbers(same));
        var rounded = Run(in16Bits, scale.mul(1.01f), mean);
        var exact = FusedInFull(in16Bits, scale.mul(1.01f), mean).to(ScalarType.BFloat16);
        Assert.InRange(Numbers(exact).Zip(Numbers(rounded)).Count(pair => pair.First != pair.Second), 0, 3);

        static Tensor FusedInFull(Tensor x, Tensor scale, Tensor shift) => Run(x.to(ScalarType.Float32), scale, shift);
    }

    [Fact]
    public void A_small_deviation_around_a_large_mean_is_not_lost()
    {
        using var scope = NewDisposeScope();
        var x = Values(8, 16, 16, 16, 16).mul(0.01f).add(1000);
        var y = Run(x, ones(16), zeros(16));
        var exact = nn.functional.batch_norm(x.to(ScalarType.Float64), null, null, null, null, true, Momentum, Epsilon);
        var deviation = y.to(ScalarType.Float64).std(unbiased: false).item<double>();
        Assert.InRange(deviation / exact.std(unbiased: false).item<double>(), 0.999, 1.001);
    }

    [Fact]
    public void What_is_no_number_is_not_hidden_behind_the_activation()
    {
        using var scope = NewDisposeScope();
        var x = Values(9, 4, 16, 3, 3);
        x[1, 5, 2, 0] = tensor(float.NaN);
        x.requires_grad_(true);
        var y = Run(x, ones(16), zeros(16), upper: 6);
        y.sum().backward();
        foreach (var value in (Tensor[])[y, x.grad!])
        {
            var bad = value.isnan().any(3).any(2).any(0).data<bool>().ToArray();
            Assert.Equal(Enumerable.Range(0, 16).Select(c => c == 5), bad);
        }
    }

    [Fact]
    public void Values_in_another_order_or_type_or_place_are_left_to_libtorch()
    {
        using var scope = NewDisposeScope();
        var x = Values(10, 4, 16, 3, 3);
        var scale = ones(16);
        Assert.NotNull(NormLayout.Of(x, scale));
        Assert.Null(NormLayout.Of(x.contiguous(), scale));
        Assert.Null(NormLayout.Of(x.to(ScalarType.Float64), scale));
        Assert.Null(NormLayout.Of(x, scale.to(ScalarType.BFloat16)));
        Assert.Null(NormLayout.Of(Values(10, 1, 16, 1, 1), scale));
        Assert.Null(NormLayout.Of(Values(10, 3, 5, 3, 3), ones(5)));
        Assert.Null(NormLayout.Of(x.to(META), scale));
        Assert.True(FusedNorm.CanAdd(x, x));
        Assert.False(FusedNorm.CanAdd(x.contiguous(), x));
        Assert.False(FusedNorm.CanAdd(x.to(ScalarType.BFloat16), x));
        Assert.False(FusedNorm.CanAdd(x.narrow(2, 0, 1), x));
    }

    [Fact]
    public void Nothing_stays_in_memory_but_the_gradients_of_the_last_backward_pass()
    {
        using var scope = NewDisposeScope();
        var x = Values(11, 4, 16, 6, 6);
        AssertNothingStays(() =>
        {
            var y = x.detach().requires_grad_(true);
            Run(Run(y, ones(16), zeros(16)), ones(16).requires_grad_(true), zeros(16), upper: 6).sum().backward();
        });
    }

    private static Tensor Run(Tensor x, Tensor scale, Tensor shift, float upper = float.PositiveInfinity) =>
        FusedNorm.Run(x, scale, shift, null, new NormSettings(
            NormLayout.Of(x, scale)!.Value, Epsilon, float.IsInfinity(upper) ? float.NegativeInfinity : 0, upper));
}
