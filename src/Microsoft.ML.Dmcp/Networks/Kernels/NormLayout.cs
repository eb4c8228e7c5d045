using System.Numerics;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>Values in channels-last order, [N, H, W, C], as rows of columns, and how the rows are shared out.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Channels">C.</param>
/// <param name="Fold">Pixels in a row: more than one where channels are few.</param>
/// <param name="Chunks">Parts of as many rows.</param>
internal readonly record struct NormLayout(long Rows, int Channels, int Fold, int Chunks)
{
    // Columns of a row; values for which a second thread is worth its waking; values that are summed up in 32 bits.
    private const int WideRow = 128, SmallChunk = 1 << 14, LargeChunk = 1 << 18;

    /// <summary>Columns of a row.</summary>
    public int Columns => Channels * Fold;

    /// <summary>Values of a channel.</summary>
    public long Values => Rows * Fold;

    /// <summary>The layout of values that the kernels can compute with; null where libtorch has to.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="scale">γ, [C].</param>
    public static NormLayout? Of(Tensor x, Tensor scale)
    {
        if (!Vector.IsHardwareAccelerated || scale.dtype != ScalarType.Float32 || !KernelMemory.CanRead(x))
            return null;
        var shape = x.shape;
        var (channels, values) = (shape[1], shape[0] * shape[2] * shape[3]);
        if (values < 2)
            return null;
        var fold = 1;
        while (values % (2 * fold) == 0 && (channels * fold < WideRow || channels * fold % INumberFormat.Unit != 0))
            fold *= 2;
        if (channels * fold % INumberFormat.Unit != 0)
            return null;
        var threads = get_num_threads();
        var numbers = channels * values;
        var chunks = Math.Min(Math.Max(1, numbers / SmallChunk), (numbers / LargeChunk / threads + 1) * threads);
        return new NormLayout(values / fold, (int)channels, fold, (int)chunks);
    }
}
