using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>How fast this machine multiplies and adds when it does nothing else: what other workloads are held against.</summary>
internal static class RateWorkloads
{
    public const string MatmulKind = "matmul";

    private const int Batch = 32, Channels = 256, Size = 16, Kernel = 3;

    // Not the matrix product: on a processor it shows less, since OpenBLAS gets one thread (eng/environment.sh).
    public static IEnumerable<Workload> Listed =>
    [
        new(
            "conv-rate",
            $"convolution {Kernel}x{Kernel}, {Channels} to {Channels} channels, {Size}x{Size}, batch {Batch}, with both gradients",
            1,
            Convolution,
            3.0 * Batch * Size * Size * Channels * Channels * Kernel * Kernel) { IsRate = true },
    ];

    /// <summary>
    /// A product of square matrices, such as <c>matmul:size=8192:precision=bfloat16</c>; the precision is float32, bfloat16, or tf32
    /// (float32 that a GPU may round).
    /// </summary>
    /// <exception cref="ArgumentException">The name is not understood.</exception>
    public static Workload Matmul(string name)
    {
        var parts = new WorkloadName(name, "size", "precision");
        var (size, precision) = (parts.Number("size", 2048), parts.Word("precision", "float32"));
        var type = precision switch
        {
            "float32" or "tf32" => ScalarType.Float32,
            "bfloat16" => ScalarType.BFloat16,
            _ => throw new ArgumentException($"The precision '{precision}' of '{name}' is not one of float32, tf32, bfloat16."),
        };
        return new Workload(
            name,
            $"matrix product {size}x{size}x{size}, {precision}",
            1,
            () => Matmul(size, type, precision == "tf32"),
            (double)size * size * size)
        {
            Precision = type == ScalarType.BFloat16 ? "bfloat16" : "float32",
            IsRate = true,
        };
    }

    private static Prepared Matmul(int size, ScalarType type, bool mayRound)
    {
        backends.cuda.matmul.allow_tf32 = mayRound;
        var (left, right) = (randn(size, size, type, Machine.Device), randn(size, size, type, Machine.Device));
        return new Prepared(() =>
        {
            left.matmul(right).Dispose();
            Wait();
        }, () => Free(left, right));
    }

    private static Prepared Convolution()
    {
        // Channels last, as the product lays out its weights.
        Tensor Random(long first, long size) =>
            randn(first, size, size, Channels, device: Machine.Device).permute(0, 3, 1, 2).requires_grad_();
        var (images, weight) = (Random(Batch, Size), Random(Channels, Kernel));
        var gradient = Random(Batch, Size).detach();
        return new Prepared(() =>
        {
            using var scope = NewDisposeScope();
            var output = nn.functional.conv2d(images, weight, padding: [Kernel / 2, Kernel / 2]);
            autograd.grad([output], [images, weight], [gradient]);
            Wait();
        }, () => Free(images, weight, gradient));
    }

    // On a GPU the work is done once someone waits for it.
    private static void Wait()
    {
        if (cuda.is_available())
            cuda.synchronize();
    }

    private static void Free(params Tensor[] tensors)
    {
        foreach (var tensor in tensors)
            tensor.Dispose();
    }
}
