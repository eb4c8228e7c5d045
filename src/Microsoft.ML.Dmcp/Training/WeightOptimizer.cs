using Microsoft.ML.Dmcp.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training;

/// <summary>SGD with Nesterov momentum on a network's weights; no weight decay on biases and batch norms (the release's <c>no_wd</c>).</summary>
internal sealed class WeightOptimizer : IDisposable
{
    private readonly SGD _optimizer;
    private readonly LearningRateSchedule _schedule;
    private readonly long _iterations;

    public WeightOptimizer(SlimmableNetwork network, LearningRateSchedule schedule, double momentum, double weightDecay, long iterations)
        : this([Group(network.parameters().Where(p => p.dim() > 1), weightDecay), Group(network.parameters().Where(p => p.dim() <= 1), 0)], schedule, momentum, iterations)
    {
    }

    /// <summary>The optimizer of α: no weight decay (3.1.4).</summary>
    public WeightOptimizer(Parameter alpha, LearningRateSchedule schedule, double momentum, long iterations)
        : this([Group([alpha], 0)], schedule, momentum, iterations)
    {
    }

    private WeightOptimizer(SGD.ParamGroup[] groups, LearningRateSchedule schedule, double momentum, long iterations)
    {
        (_schedule, _iterations) = (schedule, iterations);
        _optimizer = optim.SGD(groups, schedule.Peak, momentum, 0, 0, momentum > 0, false);
    }

    /// <summary>Forgets the gradients.</summary>
    public void ZeroGradients() => _optimizer.zero_grad();

    /// <summary>One step with the learning rate of the iteration, which it returns.</summary>
    public double Step(long iteration)
    {
        var rate = _schedule.At(iteration, _iterations);
        foreach (var group in _optimizer.ParamGroups)
            group.LearningRate = rate;
        _optimizer.step();
        return rate;
    }

    /// <summary>Writes momentum.</summary>
    public void Save(BinaryWriter writer) => _optimizer.save_state_dict(writer);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(BinaryReader reader) => _optimizer.load_state_dict(reader);

    public void Dispose() => _optimizer.Dispose();

    private static SGD.ParamGroup Group(IEnumerable<Parameter> parameters, double weightDecay) =>
        new() { Parameters = parameters.ToArray(), Options = new SGD.Options { weight_decay = weightDecay } };
}
