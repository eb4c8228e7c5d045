using Microsoft.ML.Dmcp.Networks.Kernels;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training.Optimization;

/// <summary>
/// SGD with Nesterov momentum m: d = g + λw, v ← mv + d, w ← w − η(d + mv). Works in place and leaves gradients of 0, so that a step reads
/// and writes as little as it can.
/// </summary>
internal sealed class WeightOptimizer : IRunState, IDisposable
{
    private readonly (string Name, Parameter Weight, Tensor Velocity, Scalar? Decay)[] _parts;
    private readonly GradientBuckets? _buckets;
    private readonly LearningRateSchedule _schedule;
    private readonly double _momentum;
    private readonly long _iterations;
    private readonly double? _maxNorm;
    private readonly SlimmableNetwork? _network;
    private readonly double _classifierFactor = 1;
    private readonly long _classifierIterations;

    /// <summary>
    /// The optimizer of a network's weights: no weight decay on biases and batch norms (the release's <c>no_wd</c>). A classifier that is
    /// fresh beside given weights learns faster than they, and alone at first.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="options">Learning rates, momentum, weight decay and the largest norm of the gradient.</param>
    /// <param name="iterations">Iterations of the whole run.</param>
    /// <param name="ranks">Average the gradients; null for one process.</param>
    public WeightOptimizer(SlimmableNetwork network, TrainingOptions options, long iterations, Ranks? ranks = null)
        : this(network.named_parameters().Select(p => (p.name, p.parameter, p.parameter.dim() > 1 ? options.WeightDecay : 0)),
            options.Schedule, options.Momentum, iterations, ranks)
    {
        _network = network;
        _maxNorm = options.GradientLimit;
        _classifierFactor = options.ClassifierLearningRateFactor;
        _classifierIterations =
            iterations * Math.Min(options.ClassifierWarmUpEpochs, options.NumberOfEpochs - 1) / options.NumberOfEpochs;
    }

    /// <summary>The optimizer of α: no weight decay (3.1.4).</summary>
    public WeightOptimizer(Parameter alpha, LearningRateSchedule schedule, double momentum, long iterations, Ranks? ranks = null)
        : this([(nameof(alpha), alpha, 0)], schedule, momentum, iterations, ranks)
    {
    }

    private WeightOptimizer(
        IEnumerable<(string Name, Parameter Weight, double Decay)> weights, LearningRateSchedule schedule, double momentum, long iterations,
        Ranks? ranks)
    {
        _schedule = schedule;
        _momentum = momentum;
        _iterations = iterations;
        using var noGradient = no_grad();
        _parts = weights
            .Select(w => (w.Name, w.Weight, zeros_like(w.Weight).DetachFromDisposeScope(), w.Decay == 0 ? null : (Scalar)w.Decay))
            .ToArray();
        _buckets = ranks is null ? null : new GradientBuckets(_parts.Select(p => p.Weight).ToArray(), ranks);
    }

    /// <summary>
    /// For the last pass whose gradients a step takes: lets the ranks average them while it goes on. Null for one process.
    /// </summary>
    public WeightSlices? SlicesOfLastPass() => _buckets?.SlicesOfLastPass();

    /// <summary>Whether a fresh classifier is trained alone in an iteration.</summary>
    public bool TrainsClassifierAlone(long iteration) => _network?.FreshClassifier is not null && iteration < _classifierIterations;

    /// <summary>One step with the learning rate of the iteration, which it returns.</summary>
    public double Step(long iteration)
    {
        var rate = _schedule.At(iteration, _iterations);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using Scalar momentum = _momentum, descent = -rate, steeper = -rate * _classifierFactor;
        var isAlone = TrainsClassifierAlone(iteration);
        _buckets?.Finish();
        var shortening = _maxNorm is { } largest ? Shortening(largest) : null;
        foreach (var (name, weight, velocity, decay) in _parts)
        {
            var isFresh = IsFresh(name);
            // What is not stepped needs no gradient.
            if (_network?.FreshClassifier is not null)
                weight.requires_grad = isFresh || !TrainsClassifierAlone(iteration + 1);
            if (weight.grad is not { } gradient)
                continue;
            if (isAlone && !isFresh)
            {
                gradient.fill_(Scalars.Zero);
                continue;
            }
            var rateOfWeight = isFresh ? rate * _classifierFactor : rate;
            if (_momentum != 0
                && MomentumStep.TryRun(weight, gradient, velocity, shortening, decay?.ToDouble() ?? 0, _momentum, rateOfWeight))
                continue;
            if (shortening is not null)
                gradient.mul_(shortening);
            if (decay is not null)
                gradient.add_(weight, decay);
            if (_momentum != 0)
            {
                velocity.mul_(momentum).add_(gradient, Scalars.One);
                gradient.add_(velocity, momentum);
            }
            weight.add_(gradient, isFresh ? steeper : descent);
            gradient.fill_(Scalars.Zero);
        }
        return rate;
    }

    private bool IsFresh(string name) =>
        _network?.FreshClassifier is { } classifier && name.StartsWith(classifier + ".", StringComparison.Ordinal);

    /// <summary>
    /// Factor by which the gradient of all weights together is shortened to a norm: largest/norm where the norm is larger, else 1. A number
    /// on the device.
    /// </summary>
    private Tensor? Shortening(double largest)
    {
        var gradients = _parts.Select(p => p.Weight.grad).OfType<Tensor>().ToArray();
        return gradients.Length == 0
            ? null
            : stack(gradients.Select(g => g.norm())).norm().DividedBy(largest).AtLeast(1).reciprocal();
    }

    public void Save(BinaryWriter writer)
    {
        foreach (var (_, _, velocity, _) in _parts)
            velocity.WriteTo(writer);
    }

    public void Load(BinaryReader reader)
    {
        foreach (var (_, _, velocity, _) in _parts)
            velocity.ReadFrom(reader);
    }

    public void Dispose()
    {
        foreach (var (_, _, velocity, decay) in _parts)
        {
            velocity.Dispose();
            decay?.Dispose();
        }
        _buckets?.Dispose();
    }
}
