using System.Diagnostics;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs.Communication;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training.Optimization;

/// <summary>
/// The gradients of weights, in a few vectors (buckets) that are averaged over the ranks: one by one as the last backward pass of an
/// iteration completes them, from the last layers to the first.
/// </summary>
internal sealed class GradientBuckets : IDisposable
{
    private const int Share = 8, Smallest = 128 << 10, Largest = 8 << 20;

    private readonly Ranks _ranks;
    private readonly List<Tensor> _buckets = [];
    private readonly List<int> _weightsOf = [];
    private readonly Dictionary<Tensor, int> _bucketOf = new(ReferenceEqualityComparer.Instance);
    private readonly List<Task> _reductions = [];
    private int[] _missing;

    /// <param name="weights">The weights, in the order of the layers; their gradients become parts of the buckets.</param>
    /// <param name="ranks">Who averages.</param>
    public GradientBuckets(IReadOnlyList<Tensor> weights, Ranks ranks)
    {
        _ranks = ranks;
        using var noGradient = no_grad();
        var bytes = weights.Sum(w => w.numel() * w.element_size());
        var room = Math.Clamp(bytes / Share, Smallest, Largest);
        var bucket = new List<Tensor>();
        foreach (var weight in weights.Reverse())
        {
            bucket.Add(weight);
            if (bucket.Sum(w => w.numel() * w.element_size()) >= room)
                Close();
        }
        if (bucket.Count > 0)
            Close();
        _missing = [.. _weightsOf];

        void Close()
        {
            using var scope = NewDisposeScope();
            var flat = zeros([bucket.Sum(w => w.numel())], bucket[0].dtype, bucket[0].device).DetachFromDisposeScope();
            var offset = 0L;
            foreach (var weight in bucket)
            {
                weight.grad = ViewOf(flat.narrow(0, offset, weight.numel()), weight);
                offset += weight.numel();
                _bucketOf.Add(weight, _buckets.Count);
            }
            _buckets.Add(flat);
            _weightsOf.Add(bucket.Count);
            bucket.Clear();
        }
    }

    /// <summary>How many vectors they are.</summary>
    public int Count => _buckets.Count;

    /// <summary>The weights of the last pass of an iteration, which tell when their gradients are complete.</summary>
    public WeightSlices SlicesOfLastPass() => new(Complete);

    /// <summary>Averages what is left, and waits for all.</summary>
    public void Finish()
    {
        Array.Clear(_missing);
        Begin();
        var start = Stopwatch.GetTimestamp();
        foreach (var reduction in _reductions)
            reduction.GetAwaiter().GetResult();
        _ranks.Traffic.Waiting += Stopwatch.GetElapsedTime(start);
        foreach (var bucket in _buckets)
            _ranks.Scale(bucket);
        _ranks.Release();
        _reductions.Clear();
        _missing = [.. _weightsOf];
    }

    public void Dispose()
    {
        foreach (var bucket in _buckets)
            bucket.Dispose();
    }

    private void Complete(Tensor weight)
    {
        _missing[_bucketOf[weight]]--;
        Begin();
    }

    /// <summary>Begins with the buckets that are complete, in their order, which is that of all ranks.</summary>
    private void Begin()
    {
        while (_reductions.Count < _buckets.Count && _missing[_reductions.Count] == 0)
            _reductions.Add(_ranks.SumLater(_buckets[_reductions.Count]));
    }

    /// <summary>Part of a bucket in the shape of a weight; filters keep their order, channels last.</summary>
    private static Tensor ViewOf(Tensor part, Tensor weight)
    {
        var shape = weight.shape;
        return shape.Length == 4
            ? part.view(shape[0], shape[2], shape[3], shape[1]).permute(0, 3, 1, 2)
            : part.view(shape);
    }
}
