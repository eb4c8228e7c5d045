using System.Globalization;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Evaluations;

namespace Microsoft.ML.Dmcp.Training.Retraining;

/// <summary>Makes the pruned network with its weights, by any <see cref="RetrainMethod"/>.</summary>
/// <param name="unpruned">The unpruned network.</param>
/// <param name="kept">The kept channels of every channel group.</param>
/// <param name="options">How long, how fast; checked.</param>
/// <param name="method">How the weights come about.</param>
/// <param name="weightsPath">Checkpoint with weights of the unpruned network; needed for fine-tuning and calibration.</param>
/// <param name="randomSubNetworks">Random networks of the slimmable method in every iteration.</param>
/// <param name="seed">Seed of all randomness.</param>
/// <param name="log">Where progress is told.</param>
internal sealed class Retrainer(
    NetworkDescription unpruned, IReadOnlyList<IReadOnlyList<int>> kept, TrainingOptions options, RetrainMethod method, string? weightsPath, int randomSubNetworks, int seed, RunLog log)
{
    private readonly int[] _widths = kept.Select(k => k.Count).ToArray();
    private readonly RandomSource _random = new(seed);

    /// <summary>The pruned network, trained. The caller disposes of it.</summary>
    /// <param name="set">Labelled images.</param>
    /// <param name="batches">Makes tensors of them.</param>
    /// <param name="validation">Measures every epoch; null for nothing.</param>
    public SlimmableNetwork Run(ImageSet set, BatchSource batches, Validation? validation = null)
    {
        var iterations = (long)new EpochPlan(set.Count, options.BatchSize).Batches * options.NumberOfEpochs;
        if (method == RetrainMethod.FromScratch)
            return Train(new SlimmableNetwork(unpruned.AtWidths(_widths), batches.Device, _random));

        using var shared = new SlimmableNetwork(unpruned, batches.Device, _random);
        if (weightsPath is not null)
            CheckpointFile.LoadWeights(weightsPath, shared);
        if (method == RetrainMethod.FineTuning)
            return Train(shared.Slice(kept, _random));
        if (method == RetrainMethod.Slimmable)
        {
            using var trainer = new SlimmableTrainer(shared, _widths, randomSubNetworks, options, iterations, _random, set, batches);
            Loop(trainer);
        }
        // The slimmable method trains the first channels, whichever they are.
        var slice = method == RetrainMethod.Slimmable ? shared.Slice(_widths) : shared.Slice(kept);
        try
        {
            NormCalibration.Run(slice, null, set, batches, options.BatchSize, options.CalibrationBatches, _random, ThrowIfRunEnds);
            FiniteNetwork.Require(slice, set, batches, options, ThrowIfRunEnds);
            return slice;
        }
        catch
        {
            slice.Dispose();
            throw;
        }

        SlimmableNetwork Train(SlimmableNetwork network)
        {
            try
            {
                using var trainer = new NetworkTrainer(network, options, iterations, set);
                Loop(trainer);
                FiniteNetwork.Require(network, set, batches, options, ThrowIfRunEnds);
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

    private void ThrowIfRunEnds() => log.ThrowIfRunEnds(options.CancellationToken);

    private Checkpoint? Checkpoint(NetworkDescription trained, ImageSet set, Validation? validation)
    {
        if (options.CheckpointPath is null)
            return null;
        var settings = options.ToSettings();
        settings["method"] = method.ToString();
        settings["validation"] = validation?.ToString() ?? "none";
        settings["widths"] = string.Join(' ', _widths.Select(w => w.ToString(CultureInfo.InvariantCulture)));
        if (method == RetrainMethod.FineTuning)
            settings["kept"] = string.Join(' ', kept.SelectMany(k => k).Select(c => c.ToString(CultureInfo.InvariantCulture)));
        settings["randomSubNetworks"] = randomSubNetworks.ToString(CultureInfo.InvariantCulture);
        return new Checkpoint(options.CheckpointPath, CheckpointIdentity.Of("retraining", seed, trained, set, settings, weightsPath));
    }
}
