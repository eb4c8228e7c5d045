using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Optimization;

namespace Microsoft.ML.Dmcp.Training.Retraining;

/// <summary>Makes the pruned network with its weights, by any <see cref="RetrainMethod"/>.</summary>
/// <param name="plan">Which network, and how.</param>
/// <param name="options">How long, how fast; checked.</param>
/// <param name="images">Labelled images.</param>
/// <param name="seed">Seed of all randomness.</param>
/// <param name="log">Gets progress, and cancels the run.</param>
internal sealed class Retrainer(RetrainPlan plan, TrainingOptions options, ImageBatches images, int seed, RunLog log)
{
    private readonly RandomSource _random = new(seed);

    /// <summary>The pruned network, trained. The caller disposes of it.</summary>
    /// <param name="validation">Measures every epoch; null for nothing.</param>
    public SlimmableNetwork Run(Validation? validation = null)
    {
        if (plan.Method == RetrainMethod.FromScratch)
            return Checked(new SlimmableNetwork(plan.Unpruned.AtWidths(plan.Widths), images.Device, _random), network =>
                Train(new NetworkTrainer(network, options, images, TrainingPhase.Retrain), plan, validation));

        using var shared = new SlimmableNetwork(plan.Unpruned, images.Device, _random);
        var resolved = plan.WeightsPath is null ? plan
            : plan.WithWeightsOf(CheckpointFile.LoadWeights(plan.WeightsPath, shared, log), shared);
        if (resolved.SortChannels == true)
        {
            using var loss = new ClassificationLoss(options, images.Set, images.Device, images.Ranks);
            ChannelSorting.Run(shared, loss, images, seed, log);
        }
        if (plan.Method == RetrainMethod.FineTuning)
            return FineTune(shared, resolved, validation);
        if (plan.Method == RetrainMethod.Slimmable)
            Train(new SlimmableRetraining(shared, plan, options, images, _random, log), resolved, validation);
        // The slimmable method trains the first channels, whichever they are.
        return Checked(plan.Method == RetrainMethod.Slimmable ? shared.Slice(plan.Widths) : shared.Slice(plan.Kept), network =>
            NormCalibration.Run(network, null, images, options.CalibrationBatches, _random, log));
    }

    private SlimmableNetwork FineTune(SlimmableNetwork unpruned, RetrainPlan resolved, Validation? validation) =>
        Checked(unpruned.Slice(plan.Kept, _random), network =>
        {
            if (resolved.DistillationWeight is not > 0)
            {
                Train(new NetworkTrainer(network, options, images, TrainingPhase.Retrain), resolved, validation);
                return;
            }
            using var teacher = FrozenTeacher.Load(
                resolved.TeacherPath ?? resolved.WeightsPath!, plan.Unpruned, images, options.CalibrationBatches, _random, log);
            log.Info(FormattableString.Invariant(
                $"The pruned network learns from the unpruned one too, with a weight of {resolved.DistillationWeight}."));
            Train(new DistilledTrainer(network, teacher, resolved, options, images), resolved, validation);
        });

    private void Train(TrainingRun run, RetrainPlan resolved, Validation? validation)
    {
        using var owned = run;
        new TrainingLoop(options, images, _random, log).Run(run, CheckpointOf(run.Network, resolved, validation), validation);
    }

    /// <summary>The network after an action that makes its weights, if they are finite; disposed of otherwise.</summary>
    private SlimmableNetwork Checked(SlimmableNetwork network, Action<SlimmableNetwork> make)
    {
        try
        {
            make(network);
            FiniteNetwork.Require(network, images, options, log);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private Checkpoint? CheckpointOf(SlimmableNetwork trained, RetrainPlan resolved, Validation? validation)
    {
        if (options.CheckpointPath is null)
            return null;
        var settings = options.ToSettings(trained);
        foreach (var (name, value) in resolved.ToSettings())
            settings[name] = value;
        settings["validation"] = validation?.ToString() ?? "none";
        var identity = CheckpointIdentity.Of(
            CheckpointIdentity.Retraining, seed, trained.Description, images.Set, settings, plan.WeightsPath);
        return new Checkpoint(options.CheckpointPath, identity);
    }
}
