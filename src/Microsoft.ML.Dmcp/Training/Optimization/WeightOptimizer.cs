using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
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
    private readonly (Parameter Weight, Tensor Velocity, Scalar? Decay)[] _parts;
    private readonly LearningRateSchedule _schedule;
    private readonly double _momentum;
    private readonly long _iterations;
    private readonly double? _maxNorm;

    /// <summary>The optimizer of a network's weights: no weight decay on biases and batch norms (the release's <c>no_wd</c>).</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">Learning rate, momentum, weight decay and the largest norm of the gradient.</param>
    /// <param name="iterations">Iterations of the whole run.</param>
    public WeightOptimizer(SlimmableNetwork network, TrainingOptions options, long iterations)
        : this(network.parameters().Select(p => (p, p.dim() > 1 ? options.WeightDecay : 0)),
            options.LearningRate, options.Momentum, iterations) =>
        _maxNorm = options.MaxGradientNorm;

    /// <summary>The optimizer of α: no weight decay (3.1.4).</summary>
    public WeightOptimizer(Parameter alpha, LearningRateSchedule schedule, double momentum, long iterations)
        : this([(alpha, 0)], schedule, momentum, iterations)
    {
    }

    private WeightOptimizer(
        IEnumerable<(Parameter Weight, double Decay)> weights, LearningRateSchedule schedule, double momentum, long iterations)
    {
        _schedule = schedule;
        _momentum = momentum;
        _iterations = iterations;
        using var noGradient = no_grad();
        _parts = weights
            .Select(w => (w.Weight, zeros_like(w.Weight).DetachFromDisposeScope(), w.Decay == 0 ? null : (Scalar)w.Decay))
            .ToArray();
    }

    /// <summary>One step with the learning rate of the iteration, which it returns.</summary>
    public double Step(long iteration)
    {
        var rate = _schedule.At(iteration, _iterations);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using Scalar momentum = _momentum, descent = -rate;
        if (_maxNorm is { } largest)
            Shorten(largest);
        foreach (var (weight, velocity, decay) in _parts)
        {
            if (weight.grad is not { } gradient)
                continue;
            if (decay is not null)
                gradient.add_(weight, decay);
            if (_momentum != 0)
            {
                velocity.mul_(momentum).add_(gradient, Scalars.One);
                gradient.add_(velocity, momentum);
            }
            weight.add_(gradient, descent);
            gradient.fill_(Scalars.Zero);
        }
        return rate;
    }

    /// <summary>Shortens the gradient of all weights together to a norm; does not wait for the device.</summary>
    private void Shorten(double largest)
    {
        var gradients = _parts.Select(p => p.Weight.grad).OfType<Tensor>().ToArray();
        if (gradients.Length == 0)
            return;
        var norm = stack(gradients.Select(g => g.norm())).norm();
        // largest/norm where the norm is larger, else 1.
        var factor = norm.DividedBy(largest).AtLeast(1).reciprocal();
        foreach (var gradient in gradients)
            gradient.mul_(factor);
    }

    public void Save(BinaryWriter writer)
    {
        foreach (var (_, velocity, _) in _parts)
            velocity.WriteTo(writer);
    }

    public void Load(BinaryReader reader)
    {
        foreach (var (_, velocity, _) in _parts)
            velocity.ReadFrom(reader);
    }

    public void Dispose()
    {
        foreach (var (_, velocity, decay) in _parts)
        {
            velocity.Dispose();
            decay?.Dispose();
        }
    }
}
