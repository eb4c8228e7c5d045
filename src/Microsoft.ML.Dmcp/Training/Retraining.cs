using System.Globalization;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Networks;

namespace Microsoft.ML.Dmcp.Training;

/// <summary>Makes the pruned network with its weights, by any <see cref="RetrainMethod"/>.</summary>
/// <param name="unpruned">The unpruned network.</param>
/// <param name="widths">Width of every channel group in the pruned one.</param>
/// <param name="options">How long, how fast; checked.</param>
/// <param name="method">How the weights come about.</param>
/// <param name="weightsPath">Checkpoint with weights of the unpruned network; needed for fine-tuning and calibration.</param>
/// <param name="randomSubNetworks">Random networks of the slimmable method in every iteration.</param>
/// <param name="seed">Seed of all randomness.</param>
/// <param name="log">Where progress is told.</param>
internal sealed class Retraining(
    NetworkDescription unpruned, int[] widths, TrainingOptions options, RetrainMethod method, string? weightsPath, int randomSubNetworks, int seed, RunLog log)
{
    private readonly RandomSource _random = new(seed);

    /// <summary>The pruned network, trained. The caller disposes of it.</summary>
    /// <param name="set">Labelled images.</param>
    /// <param name="batches">Makes tensors of them.</param>
    /// <param name="validation">Measures every epoch; null for nothing.</param>
    public SlimmableNetwork Run(ImageSet set, BatchSource batches, Validation? validation = null)
    {
        var iterations = (long)new EpochPlan(set.Count, options.BatchSize).Batches * options.NumberOfEpochs;
        if (method == RetrainMethod.FromScratch)
            return Train(new SlimmableNetwork(unpruned.AtWidths(widths), batches.Device, _random));

        using var shared = new SlimmableNetwork(unpruned, batches.Device, _random);
        if (weightsPath is not null)
            CheckpointFile.LoadWeights(weightsPath, shared);
        if (method == RetrainMethod.FineTuning)
            return Train(shared.Slice(widths));
        if (method == RetrainMethod.Slimmable)
        {
            using var trainer = new SlimmableTrainer(shared, widths, randomSubNetworks, options, iterations, _random, set, batches);
            Loop(trainer);
        }
        var slice = shared.Slice(widths);
        NormCalibration.Run(slice, null, set, batches, options.BatchSize, options.CalibrationBatches, _random);
        return slice;

        SlimmableNetwork Train(SlimmableNetwork network)
        {
            try
            {
                using var trainer = new NetworkTrainer(network, options, iterations, set);
                Loop(trainer);
                return network;
            }
            catch
            {
                network.Dispose();
                throw;
            }
        }

        void Loop(TrainingRun run) => new TrainingLoop(options, set, batches, _random, log).Run(run, Checkpoint(run.Network.Description, set, validation), validation);
    }

    private Checkpoint? Checkpoint(NetworkDescription trained, ImageSet set, Validation? validation)
    {
        if (options.CheckpointPath is null)
            return null;
        var settings = options.ToSettings();
        settings["method"] = method.ToString();
        settings["validation"] = validation?.ToString() ?? "none";
        settings["widths"] = string.Join(' ', widths.Select(w => w.ToString(CultureInfo.InvariantCulture)));
        settings["randomSubNetworks"] = randomSubNetworks.ToString(CultureInfo.InvariantCulture);
        return new Checkpoint(options.CheckpointPath, CheckpointIdentity.Of("retraining", seed, trained, set, settings));
    }
}
