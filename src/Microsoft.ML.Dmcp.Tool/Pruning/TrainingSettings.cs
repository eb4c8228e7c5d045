namespace Microsoft.ML.Dmcp.Tool.Pruning;

/// <summary>How networks are trained.</summary>
/// <param name="ImageSize">Side that images are resized to.</param>
/// <param name="Epochs">Epochs of the pruned network.</param>
/// <param name="WholeEpochs">Epochs of a given network before it is pruned.</param>
/// <param name="BatchSize">Images of a batch.</param>
/// <param name="Seed">Seed of everything random.</param>
/// <param name="Threads">Threads that compute; null for libtorch's default.</param>
/// <param name="Flips">Whether training images are mirrored.</param>
internal sealed record TrainingSettings(
    int ImageSize, int Epochs, int WholeEpochs, int BatchSize, int Seed, int? Threads, bool Flips);
