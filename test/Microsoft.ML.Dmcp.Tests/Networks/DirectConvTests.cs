using Microsoft.ML.Dmcp.Networks.Kernels;
using Microsoft.ML.Dmcp.Runs.Native;
using static Microsoft.ML.Dmcp.Tests.Networks.KernelValues;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Networks;

public class DirectConvTests
{
    /// <summary>Images, channels, filters, height, width of the image, and the window.</summary>
    public static TheoryData<long[], SlidingWindow, bool, int> Cases()
    {
        var cases = new TheoryData<long[], SlidingWindow, bool, int>();
        (long[], SlidingWindow)[] convolutions =
        [
            ([32, 64, 96, 2, 2], SlidingWindow.Square(3, 1, 1)),
            ([9, 48, 80, 4, 4], SlidingWindow.Square(3, 2, 1)),
            ([16, 208, 208, 4, 4], SlidingWindow.Square(3, 1, 1)),
            ([8, 128, 128, 2, 2], SlidingWindow.Square(1, 1, 0)),
            ([17, 160, 96, 1, 1], SlidingWindow.Square(1, 1, 0)),
            ([8, 96, 96, 2, 3], new SlidingWindow(2, 3, Left: 1, Bottom: 1)),
            ([8, 176, 176, 4, 4], new SlidingWindow(2, 2, StrideX: 2, Top: 2, DilationY: 2)),
        ];
        foreach (var (sizes, window) in convolutions)
            foreach (var is16Bits in (bool[])[false, true])
                foreach (var threads in (int[])[1, 2])
                    cases.Add(sizes, window, is16Bits, threads);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_and_gradients_are_those_of_a_convolution_in_64_bits(long[] sizes, SlidingWindow window, bool is16Bits, int threads)
    {
        if (!ProductTile.IsSupported)
            return;
        using var scope = NewDisposeScope();
        using var ofThisRun = new RunThreads(threads);
        var type = is16Bits ? ScalarType.BFloat16 : ScalarType.Float32;
        var x = Values(1, sizes[0], sizes[1], sizes[3], sizes[4]).to(type).requires_grad_(true);
        var w = Values(2, sizes[2], sizes[1], window.Height, window.Width).to(type).requires_grad_(true);
        var y = DirectConv.Run(x, w, LayoutOf(x, w, window)!);
        var gradient = Values(3, y.shape).to(type);
        y.backward([gradient]);

        var (x64, w64) = (In64Bits(x), In64Bits(w));
        var y64 = Convolve(x64, w64, window);
        y64.backward([gradient.to(ScalarType.Float64)]);
        var tolerance = is16Bits ? 1.0 / 256 : 3e-6;
        Assert.Equal(type, y.dtype);
        Assert.True(y.permute(0, 2, 3, 1).is_contiguous());
        AssertClose(y64, y, tolerance);
        AssertClose(x64.grad!, x.grad!, tolerance);
        AssertClose(w64.grad!, w.grad!, tolerance);
    }

    [Fact]
    public void A_part_of_a_larger_weight_is_read_where_it_lies()
    {
        if (!ProductTile.IsSupported)
            return;
        using var scope = NewDisposeScope();
        var window = SlidingWindow.Square(3, 1, 1);
        var whole = Values(4, 96, 128, 3, 3);
        var part = whole.narrow(0, 16, 64).narrow(1, 32, 64).detach().requires_grad_(true);
        var x = Values(5, 8, 64, 2, 2).requires_grad_(true);
        var y = DirectConv.Run(x, part, LayoutOf(x, part, window)!);
        y.square().sum().backward();
        var (x64, w64) = (In64Bits(x), In64Bits(part));
        Convolve(x64, w64, window).square().sum().backward();
        AssertClose(x64.grad!, x.grad!, 1e-5);
        AssertClose(w64.grad!, part.grad!, 1e-5);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Only_what_learns_gets_a_gradient(bool image, bool weight)
    {
        if (!ProductTile.IsSupported)
            return;
        using var scope = NewDisposeScope();
        var x = Values(6, 8, 64, 2, 2).requires_grad_(image);
        var w = Values(7, 64, 64, 3, 3).requires_grad_(weight);
        var y = DirectConv.Run(x, w, LayoutOf(x, w, SlidingWindow.Square(3, 1, 1))!);
        Assert.Equal(image || weight, y.requires_grad);
        if (y.requires_grad)
            y.sum().backward();
        Assert.Equal((image, weight), (x.grad is not null, w.grad is not null));
        using var noGradient = no_grad();
        Assert.False(DirectConv.Run(x, w, LayoutOf(x, w, SlidingWindow.Square(3, 1, 1))!).requires_grad);
    }

    [Fact]
    public void What_libtorch_computes_faster_or_lies_otherwise_is_left_to_it()
    {
        if (!ProductTile.IsSupported)
            return;
        using var scope = NewDisposeScope();
        var window = SlidingWindow.Square(3, 1, 1);
        var (x, w) = (Values(8, 8, 64, 2, 2), Values(9, 64, 64, 3, 3));
        Assert.NotNull(LayoutOf(x, w, window));
        Assert.Null(LayoutOf(x.contiguous(), w, window));
        Assert.Null(LayoutOf(x, w.contiguous(), window));
        Assert.Null(LayoutOf(x.to(ScalarType.BFloat16), w, window));
        Assert.Null(LayoutOf(x.to(ScalarType.Float64), w.to(ScalarType.Float64), window));
        Assert.Null(LayoutOf(x.narrow(0, 0, 7), w, window));
        Assert.Null(LayoutOf(Values(8, 64, 64, 4, 4), w, window));
        Assert.Null(LayoutOf(Values(8, 8, 60, 2, 2), Values(9, 64, 60, 3, 3), window));
        Assert.Null(LayoutOf(Values(8, 8, 64, 2, 2), Values(9, 60, 64, 3, 3), window));
        Assert.Null(LayoutOf(Values(8, 8, 256, 5, 4), Values(9, 256, 256, 3, 3), window));
        // A part of the filter, or a pixel of the result, that reads nothing but padding.
        Assert.Null(ConvTaps.Of(SlidingWindow.Square(3, 1, 1), 1, 1));
        Assert.Null(ConvTaps.Of(SlidingWindow.Square(1, 1, 1), 2, 2));
    }

    [Fact]
    public void Nothing_stays_in_memory_but_the_gradients_of_the_last_backward_pass()
    {
        if (!ProductTile.IsSupported)
            return;
        using var scope = NewDisposeScope();
        var (x, w, window) = (Values(10, 8, 64, 2, 2), Values(11, 64, 64, 3, 3), SlidingWindow.Square(3, 1, 1));
        AssertNothingStays(() =>
        {
            var (input, weight) = (x.detach().requires_grad_(true), w.detach().requires_grad_(true));
            var y = DirectConv.Run(input, weight, LayoutOf(input, weight, window)!);
            DirectConv.Run(y, weight, LayoutOf(y, weight, window)!).sum().backward();
        });
    }

    private static ConvLayout? LayoutOf(Tensor x, Tensor weight, SlidingWindow window) =>
        ConvTaps.Of(window, (int)x.shape[2], (int)x.shape[3]) is { } taps ? ConvLayout.Of(x, weight, taps) : null;

    private static Tensor In64Bits(Tensor values) => values.detach().to(ScalarType.Float64).requires_grad_(true);

    private static Tensor Convolve(Tensor x, Tensor weight, SlidingWindow window) => nn.functional.conv2d(
        nn.functional.pad(x, [window.Left, window.Right, window.Top, window.Bottom]), weight, null,
        [window.StrideY, window.StrideX], [0, 0], [window.DilationY, window.DilationX], 1);
}
