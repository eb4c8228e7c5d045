using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Training.Optimization;

namespace Microsoft.ML.Dmcp.Training;

/// <summary>What a <see cref="TrainingLoop"/> drives: one iteration on one batch, and all state that iterations change.</summary>
internal abstract class TrainingRun : IDisposable
{
    // Places of the means that every run keeps, and of those that a search adds.
    public const int Loss = 0, Accuracy = 1, ArchitectureLoss = 2, BudgetLoss = 3, MeansOfTraining = 2, MeansOfSearch = 4;

    /// <summary>The network that is trained.</summary>
    public abstract SlimmableNetwork Network { get; }

    /// <summary>Means over the epoch so far.</summary>
    public abstract RunningMean Means { get; }

    /// <summary>What goes on in an iteration.</summary>
    public abstract TrainingPhase PhaseOf(long iteration);

    /// <summary>Learns from a batch, inside a dispose scope; gives the learning rate of the weights.</summary>
    public abstract double Step(ImageBatch batch, long iteration);

    /// <summary>At which widths the network is evaluated; null for the full ones.</summary>
    public virtual IReadOnlyList<int>? EvaluatedWidths => null;

    /// <summary>Makes the running statistics those of <see cref="EvaluatedWidths"/>, where training does not keep them.</summary>
    /// <param name="whileRunning">Called before every batch; ends it by an exception.</param>
    public virtual void PrepareEvaluation(Action whileRunning)
    {
    }

    /// <summary>Expected costs against the budget; none outside of a search. Waits for the device.</summary>
    public virtual IReadOnlyList<CostProgress> Costs() => [];

    /// <summary>Writes what <see cref="Step"/> changes beside the network's weights and the means.</summary>
    public abstract void Save(BinaryWriter writer);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public abstract void Load(BinaryReader reader);

    public abstract void Dispose();
}
