using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training.Optimization;

/// <summary>
/// Sums of losses that stay on the device: adding does not wait for it, reading does. One vector holds all of them, so that a report
/// reads once.
/// </summary>
internal sealed class RunningMeans : IRunState, IDisposable
{
    private readonly Tensor _sums;
    private readonly long[] _counts;

    private RunningMeans(int values, Device device)
    {
        _sums = zeros([(long)values], ScalarType.Float32, device).DetachFromDisposeScope();
        _counts = new long[values];
    }

    /// <summary>The means of a training: <see cref="Mean.Loss"/> and <see cref="Mean.Accuracy"/>.</summary>
    public static RunningMeans OfTraining(Device device) => new((int)Mean.Accuracy + 1, device);

    /// <summary>The means of a search: all of <see cref="Mean"/>.</summary>
    public static RunningMeans OfSearch(Device device) => new((int)Mean.BudgetLoss + 1, device);

    /// <summary>Adds a scalar to a sum; the mean is over <paramref name="count"/> more.</summary>
    public void Add(Mean mean, Tensor value, long count)
    {
        using var noGradient = no_grad();
        _sums.narrow(0, (int)mean, 1).add_(value.detach().to(ScalarType.Float32), Scalars.One);
        _counts[(int)mean] += count;
    }

    /// <summary>Replaces this rank's sums by their means over the ranks, each of which has added as often.</summary>
    public void Share(Ranks ranks)
    {
        using var noGradient = no_grad();
        ranks.Average(_sums);
    }

    /// <summary>The means that something was added to. Waits for the device.</summary>
    public IReadOnlyDictionary<Mean, double> Read()
    {
        using var scope = NewDisposeScope();
        var sums = _sums.cpu().data<float>().ToArray();
        return Enumerable.Range(0, sums.Length).Where(i => _counts[i] > 0).ToDictionary(i => (Mean)i, i => sums[i] / (double)_counts[i]);
    }

    public void Reset()
    {
        using var noGradient = no_grad();
        _sums.fill_(Scalars.Zero);
        Array.Clear(_counts);
    }

    public void Save(BinaryWriter writer)
    {
        using var scope = NewDisposeScope();
        foreach (var (sum, count) in _sums.cpu().data<float>().ToArray().Zip(_counts))
        {
            writer.Write(sum);
            writer.Write(count);
        }
    }

    public void Load(BinaryReader reader)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var sums = new float[_counts.Length];
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] = reader.ReadSingle();
            _counts[i] = reader.ReadInt64();
        }
        _sums.copy_(tensor(sums));
    }

    public void Dispose() => _sums.Dispose();
}
