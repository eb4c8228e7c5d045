using System.Globalization;

namespace Microsoft.ML.Dmcp;

/// <summary>What a worker is doing with a trial.</summary>
/// <param name="Phase">What is trained.</param>
/// <param name="Epoch">The current epoch, from 1.</param>
/// <param name="Epochs">Epochs of this training in all.</param>
/// <param name="Loss">Mean cross entropy over this epoch so far.</param>
/// <param name="Accuracy">Share of the training images that were classified correctly over this epoch so far.</param>
/// <param name="ImagesPerSecond">Training images a second.</param>
/// <param name="SecondsLeft">Estimated time until this training ends.</param>
public sealed record DmcpTrialProgress(
    TrainingPhase Phase, int Epoch, int Epochs, double Loss, double Accuracy, double ImagesPerSecond, double SecondsLeft)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Phase.ToString().ToLowerInvariant()} epoch {Epoch}/{Epochs}, accuracy {100 * Accuracy:0.0} %, {ImagesPerSecond:0} images/s");
}
