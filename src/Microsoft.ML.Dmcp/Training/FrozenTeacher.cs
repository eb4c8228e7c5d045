using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Evaluations;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training;

/// <summary>
/// The unpruned network, trained before and frozen, whose probabilities other networks learn from (knowledge distillation, Hinton et al.
/// 2015).
/// </summary>
/// <param name="network">The network, its running statistics ready for evaluation; becomes the teacher's.</param>
internal sealed class FrozenTeacher(SlimmableNetwork network) : IDisposable
{
    /// <summary>Weight of the teacher against the labels where nobody says one.</summary>
    public const double UsualWeight = 0.5;

    /// <summary>The network of a checkpoint.</summary>
    /// <param name="path">The checkpoint.</param>
    /// <param name="unpruned">What the network is.</param>
    /// <param name="images">To calibrate its batch norms on, where its training did not keep their statistics.</param>
    /// <param name="calibrationBatches">How many batches of them.</param>
    /// <param name="random">Which ones.</param>
    /// <param name="log">Of the run, which may be cancelled meanwhile.</param>
    /// <exception cref="InvalidOperationException">
    /// The weights are of another network, or without a classifier for these classes.
    /// </exception>
    public static FrozenTeacher Load(
        string path, NetworkDescription unpruned, ImageBatches images, int calibrationBatches, RandomSource random, RunLog log)
    {
        var network = SlimmableNetwork.Blank(unpruned, images.Device);
        try
        {
            var origin = CheckpointFile.LoadWeights(path, network);
            if (network.FreshClassifier is not null)
                throw new InvalidOperationException(
                    $"The weights of '{path}' cannot teach: they have no classifier of these {unpruned.Classes} classes. " +
                    "Fine-tune the unpruned network first (a budget of 100 %), or set DistillationWeight to 0.");
            if (!origin.KeepsStatistics)
                NormCalibration.Run(network, null, images, calibrationBatches, random, log);
            return new FrozenTeacher(network);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Whether weights are those of an unpruned network that knows these classes and was trained by itself.</summary>
    /// <param name="origin">The run that they are of.</param>
    /// <param name="unpruned">The network that has them.</param>
    public static bool IsTrained(CheckpointIdentity origin, SlimmableNetwork unpruned) =>
        !origin.HasTrainedSubNetworks && !origin.HasPrunedChannels && unpruned.FreshClassifier is null;

    /// <summary>Its probabilities, [N, classes], without a gradient.</summary>
    /// <param name="images">Normalised images, [N, C, H, W].</param>
    /// <param name="temperature">What the logits are divided by.</param>
    public Tensor Probabilities(Tensor images, double temperature)
    {
        using var noGradient = no_grad();
        return network.Run(images, new NetworkPass(NormStatistics.Running)).DividedBy(temperature).softmax(1);
    }

    public void Dispose() => network.Dispose();
}
