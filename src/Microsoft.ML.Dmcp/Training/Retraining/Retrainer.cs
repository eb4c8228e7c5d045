using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Evaluations;

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
            return Train(new SlimmableNetwork(plan.Unpruned.AtWidths(plan.Widths), images.Device, _random), validation);

        using var shared = new SlimmableNetwork(plan.Unpruned, images.Device, _random);
        if (plan.WeightsPath is not null)
            CheckpointFile.LoadWeights(plan.WeightsPath, shared, log);
        if (plan.Method == RetrainMethod.FineTuning)
            return Train(shared.Slice(plan.Kept, _random), validation);
        if (plan.Method == RetrainMethod.Slimmable)
        {
            using var run = new SlimmableRetraining(shared, plan, options, images, _random, log);
            Loop(run, validation);
        }
        // The slimmable method trains the first channels, whichever they are.
        return Checked(plan.Method == RetrainMethod.Slimmable ? shared.Slice(plan.Widths) : shared.Slice(plan.Kept), network =>
            NormCalibration.Run(network, null, images, options.CalibrationBatches, _random, log));
    }

    private SlimmableNetwork Train(SlimmableNetwork network, Validation? validation) => Checked(network, trained =>
    {
        using var run = new NetworkTrainer(trained, options, images, TrainingPhase.Retrain);
        Loop(run, validation);
    });

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

    private void Loop(TrainingRun run, Validation? validation) =>
        new TrainingLoop(options, images, _random, log).Run(run, CheckpointOf(run.Network.Description, validation), validation);

    private Checkpoint? CheckpointOf(NetworkDescription trained, Validation? validation)
    {
        if (options.CheckpointPath is null)
            return null;
        var settings = options.ToSettings();
        foreach (var (name, value) in plan.ToSettings())
            settings[name] = value;
        settings["validation"] = validation?.ToString() ?? "none";
        var identity = CheckpointIdentity.Of("retraining", seed, trained, images.Set, settings, plan.WeightsPath);
        return new Checkpoint(options.CheckpointPath, identity);
    }
}
