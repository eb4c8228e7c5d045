namespace Microsoft.ML.Dmcp.Training.Checkpoints;

/// <summary>Where a training loop stands.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Batch">Batches of the epoch that are done.</param>
/// <param name="Order">The images of the epoch in their order.</param>
internal sealed record LoopPosition(int Epoch, int Batch, int[] Order);
