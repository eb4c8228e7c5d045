using Microsoft.ML.Dmcp.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training.Optimization;

/// <summary>
/// Sums of losses that stay on the device: adding does not wait for it, reading does. One vector holds all of them, so that a report
/// reads once.
/// </summary>
internal sealed class RunningMean : IDisposable
{
    private readonly Tensor _sums;
    private readonly long[] _counts;

    /// <param name="values">How many means are kept.</param>
    /// <param name="device">Where the losses are.</param>
    public RunningMean(int values, Device device)
    {
        _sums = zeros([(long)values], ScalarType.Float32, device).DetachFromDisposeScope();
        _counts = new long[values];
    }

    /// <summary>Adds a scalar to sum <paramref name="index"/>; the mean is over <paramref name="count"/> more.</summary>
    public void Add(int index, Tensor value, long count)
    {
        using var noGradient = no_grad();
        _sums.narrow(0, index, 1).add_(value.detach().to(ScalarType.Float32), Scalars.One);
        _counts[index] += count;
    }

    /// <summary>The means; null where nothing was added. Waits for the device.</summary>
    public double?[] Read()
    {
        using var scope = NewDisposeScope();
        return _sums.cpu().data<float>().ToArray().Zip(_counts, (sum, count) => count == 0 ? (double?)null : sum / (double)count).ToArray();
    }

    public void Reset()
    {
        using var noGradient = no_grad();
        _sums.fill_(Scalars.Zero);
        Array.Clear(_counts);
    }

    /// <summary>Writes sums and counts. Waits for the device.</summary>
    public void Save(BinaryWriter writer)
    {
        using var scope = NewDisposeScope();
        foreach (var (sum, count) in _sums.cpu().data<float>().ToArray().Zip(_counts))
        {
            writer.Write(sum);
            writer.Write(count);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(BinaryReader reader)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var sums = new float[_counts.Length];
        for (var i = 0; i < sums.Length; i++)
            (sums[i], _counts[i]) = (reader.ReadSingle(), reader.ReadInt64());
        _sums.copy_(tensor(sums));
    }

    public void Dispose() => _sums.Dispose();
}
