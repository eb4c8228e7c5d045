using Microsoft.ML.Dmcp.Interop.OnnxExport;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>The arithmetic of 8 bits, by figures computed by hand.</summary>
public class Int8WeightsTests
{
    [Fact]
    public void Every_output_channel_uses_all_8_bits_and_its_bias_has_the_unit_of_the_products()
    {
        var quantized = Int8Weights.Of([0.5f, -1.27f, 0.104f, 2.54f, 0, -1.006f], [1, -1], channels: 2, inputScale: 0.1f);
        Assert.Equal([50, -127, 10, 127, 0, -50], quantized.Values);
        AssertClose([0.01f, 0.02f], quantized.Scales);
        AssertClose([0.001f, 0.002f], quantized.BiasScales);
        Assert.Equal([1000, -500], quantized.Bias!);
        Assert.Null(Int8Weights.Of([1, 2], null, channels: 2, inputScale: 1).Bias);
    }

    [Fact]
    public void A_channel_of_zeros_or_of_next_to_nothing_keeps_its_bias_and_has_a_scale_that_divides()
    {
        float[] bias = [0, 2.5f, -3, 0.25f, 1e6f];
        var quantized = Int8Weights.Of([0, 0, 1e-30f, float.Epsilon, 1e-12f], bias, channels: 5, inputScale: 0.02f);
        Assert.All(quantized.Scales.Concat(quantized.BiasScales), scale => Assert.True(float.IsNormal(scale) && scale > 0, $"{scale}"));
        AssertClose(bias, [.. quantized.Bias!.Zip(quantized.BiasScales, (b, unit) => b * unit)]);
    }

    [Theory]
    [InlineData(0, 2.55f, 0.01f, 0)]
    [InlineData(-1.28f, 1.27f, 0.01f, 128)]
    [InlineData(-5.1f, 0, 0.02f, 255)]
    // 0 is always among the numbers, as padding adds it.
    [InlineData(1, 5.1f, 0.02f, 0)]
    [InlineData(-2.55f, -2, 0.01f, 255)]
    // What does not differ.
    [InlineData(0, 0, 1, 0)]
    [InlineData(2.55f, 2.55f, 0.01f, 0)]
    [InlineData(-2.55f, -2.55f, 0.01f, 255)]
    [InlineData(0, float.Epsilon, 1, 0)]
    public void A_byte_reaches_from_the_lowest_value_to_the_highest(float lowest, float highest, float scale, byte zeroPoint)
    {
        var found = Int8Scale.Of(lowest, highest);
        AssertClose([scale], [found.Scale]);
        Assert.Equal(zeroPoint, found.ZeroPoint);
    }

    [Fact]
    public void The_widest_range_of_floats_has_a_scale()
    {
        var found = Int8Scale.Of(float.MinValue, float.MaxValue);
        Assert.True(float.IsFinite(found.Scale));
        Assert.Equal(128, found.ZeroPoint);
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f * Math.Max(1e-2f, Math.Abs(pair.First))));
    }
}
