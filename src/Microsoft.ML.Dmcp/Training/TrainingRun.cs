using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Optimization;

namespace Microsoft.ML.Dmcp.Training;

/// <summary>What a <see cref="TrainingLoop"/> drives: one iteration on one batch, and all state that iterations change.</summary>
/// <param name="network">The network that is trained; stays the caller's.</param>
/// <param name="means">Means over the epoch so far; become the run's.</param>
internal abstract class TrainingRun(SlimmableNetwork network, RunningMeans means) : IRunState, IDisposable
{
    private readonly List<IRunState> _state = [];
    private readonly List<IDisposable> _owned = [];

    /// <summary>The network that is trained.</summary>
    public SlimmableNetwork Network => network;

    /// <summary>Means over the epoch so far.</summary>
    public RunningMeans Means => means;

    /// <summary>The phase that an iteration belongs to.</summary>
    public abstract TrainingPhase PhaseOf(long iteration);

    /// <summary>The network that sub-networks learn from in place of the widest; stays the caller's.</summary>
    public virtual FrozenTeacher? Teacher
    {
        set => throw new NotSupportedException($"{GetType().Name} trains no sub-networks.");
    }

    /// <summary>Learns from a batch, inside a dispose scope; gives the learning rate of the weights.</summary>
    public abstract double Step(ImageBatch batch, long iteration);

    /// <summary>At which widths the network is evaluated; null for the full ones.</summary>
    public virtual IReadOnlyList<int>? EvaluatedWidths => null;

    /// <summary>Makes the running statistics those of <see cref="EvaluatedWidths"/>, where training does not keep them.</summary>
    /// <exception cref="OperationCanceledException">The run is cancelled.</exception>
    public virtual void PrepareEvaluation()
    {
    }

    /// <summary>Expected costs against the budget; none outside of a search. Waits for the device.</summary>
    public virtual IReadOnlyList<CostProgress> Costs() => [];

    /// <summary>Writes what <see cref="Step"/> changes beside the network's weights and the means.</summary>
    public void Save(BinaryWriter writer)
    {
        foreach (var part in _state)
            part.Save(writer);
    }

    public void Load(BinaryReader reader)
    {
        foreach (var part in _state)
            part.Load(reader);
    }

    public void Dispose()
    {
        foreach (var part in Enumerable.Reverse(_owned))
            part.Dispose();
        means.Dispose();
    }

    /// <summary>Registers a part that is disposed of with the run.</summary>
    protected T Own<T>(T part) where T : IDisposable
    {
        _owned.Add(part);
        return part;
    }

    /// <summary>
    /// Registers a part that is disposed of with the run, and whose state its checkpoint holds: in the order of registration.
    /// </summary>
    protected T OwnState<T>(T part) where T : IRunState, IDisposable
    {
        _state.Add(part);
        return Own(part);
    }
}
