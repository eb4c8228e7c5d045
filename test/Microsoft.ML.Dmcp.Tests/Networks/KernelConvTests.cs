using Microsoft.ML.Dmcp.Networks.Kernels;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Native;
using static Microsoft.ML.Dmcp.Tests.Networks.KernelValues;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Networks;

public class KernelConvTests
{
    // Images, channels, filters, height, width of the image, and the window.
    private static readonly (long[], SlidingWindow)[] Direct =
    [
        ([32, 64, 96, 2, 2], SlidingWindow.Square(3, 1, 1)),
        ([9, 48, 80, 4, 4], SlidingWindow.Square(3, 2, 1)),
        ([16, 208, 208, 4, 4], SlidingWindow.Square(3, 1, 1)),
        ([8, 128, 128, 2, 2], SlidingWindow.Square(1, 1, 0)),
        ([17, 160, 96, 1, 1], SlidingWindow.Square(1, 1, 0)),
        ([8, 96, 96, 2, 3], new SlidingWindow(2, 3, Left: 1, Bottom: 1)),
        ([8, 176, 176, 4, 4], new SlidingWindow(2, 2, StrideX: 2, Top: 2, DilationY: 2)),
    ];

    private static readonly (long[], SlidingWindow)[] ByTiles =
    [
        ([32, 64, 48, 16, 16], SlidingWindow.Square(3, 1, 1)),
        ([9, 16, 32, 4, 4], SlidingWindow.Square(3, 1, 1)),
        ([8, 112, 80, 4, 8], SlidingWindow.Square(3, 1, 1)),
        ([11, 32, 16, 7, 15], SlidingWindow.Square(3, 1, 1)),
        ([8, 48, 112, 10, 9], SlidingWindow.Square(3, 1, 0)),
        ([8, 16, 32, 6, 5], new SlidingWindow(3, 3, Top: 2, Right: 1, Bottom: 2)),
        ([8, 32, 32, 7, 6], new SlidingWindow(3, 3, Top: 1, Left: 2, Bottom: 2, Right: 2)),
    ];

    public static TheoryData<long[], SlidingWindow, bool, bool, int> Cases()
    {
        var cases = new TheoryData<long[], SlidingWindow, bool, bool, int>();
        foreach (var byTiles in (bool[])[false, true])
            foreach (var (sizes, window) in byTiles ? ByTiles : Direct)
                foreach (var is16Bits in (bool[])[false, true])
                    foreach (var threads in (int[])[1, 2])
                        cases.Add(sizes, window, byTiles, is16Bits, threads);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_and_gradients_are_those_of_a_convolution_in_64_bits(
        long[] sizes, SlidingWindow window, bool byTiles, bool is16Bits, int threads)
    {
        if (!ProductTile.IsSupported || byTiles && is16Bits && Processor.HasAmx)
            return;
        using var scope = NewDisposeScope();
        using var ofThisRun = new RunThreads(threads);
        var type = is16Bits ? ScalarType.BFloat16 : ScalarType.Float32;
        var x = Values(1, sizes[0], sizes[1], sizes[3], sizes[4]).to(type).requires_grad_(true);
        var w = Values(2, sizes[2], sizes[1], window.Height, window.Width).requires_grad_(true);
        var y = KernelConv.Run(x, w, byTiles ? WinogradPlan.Of(x, sizes[2], window)! : DirectOf(x, sizes[2], window)!);
        var gradient = Values(3, y.shape).to(type);
        y.backward([gradient]);

        var (x64, w64) = (In64Bits(x), In64Bits(w));
        var y64 = Convolve(x64, w64, window);
        y64.backward([gradient.to(ScalarType.Float64)]);
        // The sums of tiles round more than once: a tenth of what a step of 16 bits does.
        var tolerance = is16Bits ? 1.0 / 256 : byTiles ? 3e-5 : 3e-6;
        Assert.Equal(type, y.dtype);
        Assert.True(y.permute(0, 2, 3, 1).is_contiguous());
        AssertClose(y64, y, tolerance);
        AssertClose(x64.grad!, x.grad!, tolerance);
        AssertClose(w64.grad!, w.grad!, byTiles ? 3e-5 : 3e-6);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void A_weight_is_read_where_it_lies_or_however_it_lies(int side)
    {
        if (!ProductTile.IsSupported)
            return;
        using var scope = NewDisposeScope();
        var window = SlidingWindow.Square(3, 1, 1);
        var whole = Values(4, 96, 128, 3, 3);
        foreach (var weight in (Tensor[])[whole.narrow(0, 16, 64).narrow(1, 32, 64), Values(4, 64, 64, 3, 3).contiguous()])
        {
            var w = weight.detach().requires_grad_(true);
            var x = Values(5, 8, 64, side, side).requires_grad_(true);
            var y = KernelConv.Run(x, w, PlanOf(x, 64, window)!);
            y.square().sum().backward();
            var (x64, w64) = (In64Bits(x), In64Bits(w));
            Convolve(x64, w64, window).square().sum().backward();
            AssertClose(x64.grad!, x.grad!, 3e-5);
            AssertClose(w64.grad!, w.grad!, 3e-5);
        }
    }

    [Theory]
    [InlineData(2, true, false)]
    [InlineData(2, false, true)]
    [InlineData(2, false, false)]
    [InlineData(8, true, false)]
    [InlineData(8, false, true)]
    [InlineData(8, false, false)]
    public void Only_what_learns_gets_a_gradient(int side, bool image, bool weight)
    {
        if (!ProductTile.IsSupported)
            return;
        using var scope = NewDisposeScope();
        var x = Values(6, 8, 64, side, side).requires_grad_(image);
        var w = Values(7, 64, 64, 3, 3).requires_grad_(weight);
        var plan = PlanOf(x, 64, SlidingWindow.Square(3, 1, 1))!;
        var y = KernelConv.Run(x, w, plan);
        Assert.Equal(image || weight, y.requires_grad);
        if (y.requires_grad)
            y.sum().backward();
        Assert.Equal((image, weight), (x.grad is not null, w.grad is not null));
        using var noGradient = no_grad();
        Assert.False(KernelConv.Run(x, w, plan).requires_grad);
    }

    [Fact]
    public void What_libtorch_computes_faster_or_lies_otherwise_is_left_to_it()
    {
        if (!ProductTile.IsSupported)
            return;
        using var scope = NewDisposeScope();
        var window = SlidingWindow.Square(3, 1, 1);
        foreach (var side in (int[])[2, 8])
        {
            var x = Values(8, 8, 64, side, side);
            Assert.NotNull(PlanOf(x, 64, window));
            Assert.Null(PlanOf(x.contiguous(), 64, window));
            Assert.Null(PlanOf(x.to(ScalarType.Float64), 64, window));
            Assert.Null(PlanOf(x.narrow(0, 0, 7), 64, window));
            Assert.Null(PlanOf(x, 60, window));
            Assert.Null(PlanOf(Values(8, 8, 60, side, side), 64, window));
        }
        // More values than weights.
        Assert.Null(DirectOf(Values(8, 64, 64, 4, 4), 64, window));
        // Tiles that hang over the edge.
        Assert.Null(PlanOf(Values(8, 8, 256, 5, 5), 256, window));
        Assert.Null(PlanOf(Values(8, 8, 64, 3, 8), 64, window));
        Assert.Null(PlanOf(Values(8, 8, 16, 8, 8), 16, window));
        // Other windows.
        var image = Values(8, 8, 64, 8, 8);
        Assert.Null(WinogradPlan.Of(image, 64, SlidingWindow.Square(3, 2, 1)));
        Assert.Null(WinogradPlan.Of(image, 64, SlidingWindow.Square(5, 1, 2)));
        Assert.Null(WinogradPlan.Of(image, 64, SlidingWindow.Square(3, 1, 3)));
        Assert.Null(WinogradPlan.Of(image, 64, new SlidingWindow(3, 3, DilationX: 2)));
        // A part of the filter, or a pixel of the result, that reads nothing but padding.
        Assert.Null(DirectTaps.Of(SlidingWindow.Square(3, 1, 1), 1, 1));
        Assert.Null(DirectTaps.Of(SlidingWindow.Square(1, 1, 1), 2, 2));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void Nothing_stays_in_memory_but_the_gradients_of_the_last_backward_pass(int side)
    {
        if (!ProductTile.IsSupported)
            return;
        using var scope = NewDisposeScope();
        var (x, w, window) = (Values(10, 8, 64, side, side), Values(11, 64, 64, 3, 3), SlidingWindow.Square(3, 1, 1));
        AssertNothingStays(() =>
        {
            var (input, weight) = (x.detach().requires_grad_(true), w.detach().requires_grad_(true));
            var y = KernelConv.Run(input, weight, PlanOf(input, 64, window)!);
            KernelConv.Run(y, weight, PlanOf(y, 64, window)!).sum().backward();
        });
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads()
    {
        if (!ProductTile.IsSupported)
            return;
        using var scope = NewDisposeScope();
        var expected = Run(1);
        foreach (var threads in (int[])[2, 3])
            Assert.Equal(expected, Run(threads));

        float[] Run(int threads)
        {
            using var ofThisRun = new RunThreads(threads);
            var (x, w) = (Values(12, 9, 48, 12, 12).requires_grad_(true), Values(13, 80, 48, 3, 3).requires_grad_(true));
            var y = KernelConv.Run(x, w, WinogradPlan.Of(x, 80, SlidingWindow.Square(3, 1, 1))!);
            y.square().sum().backward();
            return [.. Numbers(y), .. Numbers(x.grad!), .. Numbers(w.grad!)];
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_batch_gives_the_scores_and_gradients_of_its_halves_which_are_left_to_libtorch(bool is16Bits)
    {
        using var scope = NewDisposeScope();
        var architecture = new NetworkArchitecture("biased", net =>
        {
            var x = net.Conv(net.Conv(net.Input, 32, 3), 48, 3, bias: true);
            net.Linear(net.GlobalAveragePool(net.Conv(net.AveragePool(x, 4), 64, 3, bias: true)), net.Classes);
        });
        using var network = new SlimmableNetwork(architecture.Describe(3, 8, 8, 4), CPU, new RandomSource(1));
        foreach (var (name, parameter) in network.named_parameters())
            if (name.EndsWith("bias", StringComparison.Ordinal))
                using (no_grad())
                    parameter.copy_(Noise.Normal(15, parameter.shape));
        var images = Values(16, 8, 3, 8, 8).to(is16Bits ? ScalarType.BFloat16 : ScalarType.Float32);
        var mix = Noise.Normal(17, 8, 4).to(ScalarType.Float32);
        var (whole, halves) = (Run(8), Run(4));
        foreach (var (actual, expected) in whole.Zip(halves))
            AssertClose(expected.to(ScalarType.Float64), actual, is16Bits ? 0.03 : 3e-5);

        Tensor[] Run(int batch)
        {
            network.zero_grad();
            var scores = new List<Tensor>();
            for (var i = 0; i < 8; i += batch)
            {
                scores.Add(network.Run(images.narrow(0, i, batch), new NetworkPass(NormStatistics.Batch)).to(ScalarType.Float32));
                scores[^1].mul(mix.narrow(0, i, batch)).sum().backward();
            }
            return [cat(scores), .. network.parameters().Select(p => p.grad!.clone())];
        }
    }

    [Fact]
    public unsafe void Memory_of_more_than_2_GB_can_be_read()
    {
        using var scope = NewDisposeScope();
        // Pages that nobody touches take no memory.
        var values = empty((1L << 31) + 5, ScalarType.Byte);
        var first = (byte*)KernelMemory.Pointer(values);
        first[(1L << 31) + 4] = 7;
        Assert.Equal(7, values[^1].item<byte>());
    }

    private static ConvPlan? PlanOf(Tensor x, long filters, SlidingWindow window) =>
        WinogradPlan.Of(x, filters, window) is { } plan ? plan : DirectOf(x, filters, window);

    private static DirectPlan? DirectOf(Tensor x, long filters, SlidingWindow window) =>
        DirectTaps.Of(window, (int)x.shape[2], (int)x.shape[3]) is { } taps ? DirectPlan.Of(x, filters, taps) : null;

    private static Tensor In64Bits(Tensor values) => values.detach().to(ScalarType.Float64).requires_grad_(true);

    private static Tensor Convolve(Tensor x, Tensor weight, SlidingWindow window) => nn.functional.conv2d(
        nn.functional.pad(x, [window.Left, window.Right, window.Top, window.Bottom]), weight, null,
        [window.StrideY, window.StrideX], [0, 0], [window.DilationY, window.DilationX], 1);
}
