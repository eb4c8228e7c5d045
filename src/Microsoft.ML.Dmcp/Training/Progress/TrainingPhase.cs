namespace Microsoft.ML.Dmcp;

/// <summary>What a run is doing.</summary>
public enum TrainingPhase
{
    /// <summary>Stage 1 alone: the weights of the unpruned network and its sub-networks (warm-up process, 3.2).</summary>
    WarmUp,

    /// <summary>Stages 1 and 2 in turn: weights and architecture parameters.</summary>
    Search,

    /// <summary>Training of the found network.</summary>
    Retrain,

    /// <summary>Training of the unpruned network, or of a slimmable one, whose channels are chosen afterwards.</summary>
    Train,

    /// <summary>
    /// Evaluation of structures with the trained weights: <see cref="TrainingProgress.Batch"/> counts those that were evaluated,
    /// <see cref="TrainingProgress.Batches"/> estimates how many will be, and <see cref="TrainingProgress.Accuracy"/> is the best so far.
    /// </summary>
    Choose,
}
