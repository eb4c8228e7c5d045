using System.Diagnostics;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training;

/// <summary>The loop that searches and trainings share: epochs of shuffled batches, progress, cancellation and checkpoints.</summary>
/// <param name="options">How long, how large, where to keep checkpoints.</param>
/// <param name="set">Labelled images.</param>
/// <param name="batches">Makes tensors of them.</param>
/// <param name="random">Order, augmentation and all that the run draws.</param>
/// <param name="log">Where progress is told, and the end of the run.</param>
internal sealed class TrainingLoop(TrainingOptions options, ImageSet set, BatchSource batches, RandomSource random, RunLog log)
{
    private readonly EpochPlan _plan = new(set.Count, options.BatchSize);

    // Drawn before a checkpoint is read, so that a run that goes on draws the same. Every batch has a source of its own, whenever it is made.
    private readonly long _augmentationSeed = (long)random.NextUInt64();

    /// <summary>Runs all epochs, or those that are left after the checkpoint.</summary>
    /// <param name="run">What is trained.</param>
    /// <param name="checkpoint">Where its state is kept; null for nowhere.</param>
    /// <param name="validation">Measures every epoch; null for nothing.</param>
    /// <returns>Whether the state in the end is in the checkpoint: a full disk ends no run, whose result would be lost.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled; its state is in the checkpoint.</exception>
    /// <exception cref="IOException">The checkpoint cannot be written at all.</exception>
    public bool Run(TrainingRun run, Checkpoint? checkpoint, Validation? validation = null)
    {
        var position = checkpoint?.Restore(run, random, validation) ?? new LoopPosition(0, 0, []);
        if (position.Order.Length == 0)
            checkpoint?.RequireWritable();
        else
            log.Info($"Going on after batch {position.Batch} of {_plan.Batches} in epoch {position.Epoch + 1} of {options.NumberOfEpochs}, from checkpoint '{options.CheckpointPath}'.");
        var reporter = new ProgressReporter(log, options.MetricsCallback, options.NumberOfEpochs, _plan, position);
        var saved = Stopwatch.StartNew();
        for (var epoch = position.Epoch; epoch < options.NumberOfEpochs && validation is not { IsOver: true }; epoch++)
        {
            if (epoch > position.Epoch || position.Order.Length == 0)
            {
                position = new LoopPosition(epoch, 0, _plan.Shuffle(random));
                run.Means.Reset();
            }
            using var ahead = Ahead(position);
            while (position.Batch < _plan.Batches)
            {
                if (log.EndsRun(options.CancellationToken))
                {
                    checkpoint?.Save(run, random, position, validation);
                    log.ThrowIfRunEnds(options.CancellationToken);
                }
                position = Iterate(run, ahead, position, reporter, validation);
                if (checkpoint is not null && saved.Elapsed >= options.CheckpointInterval)
                {
                    Keep();
                    saved.Restart();
                }
            }
        }
        validation?.Restore(run.Network);
        return Keep();

        bool Keep()
        {
            try
            {
                checkpoint?.Save(run, random, position, validation);
                return checkpoint is not null;
            }
            catch (IOException e)
            {
                log.Warning($"{e.Message} The run goes on.");
                return false;
            }
        }
    }

    private BatchesAhead Ahead(LoopPosition start) => new(batches, _plan.Size, start.Batch, _plan.Batches, (target, batch) =>
        batches.Fill(target, set, _plan.Batch(start.Order, batch), options.Augmentation, new RandomSource(_augmentationSeed + IterationOf(start.Epoch, batch))));

    private long IterationOf(int epoch, int batch) => (long)epoch * _plan.Batches + batch;

    private LoopPosition Iterate(TrainingRun run, BatchesAhead ahead, LoopPosition position, ProgressReporter reporter, Validation? validation)
    {
        var iteration = IterationOf(position.Epoch, position.Batch);
        double rate;
        using (NewDisposeScope())
            rate = run.Step(ahead.Next().In(options.Precision), iteration);
        position = position with { Batch = position.Batch + 1 };
        double? validated = null;
        if (validation is not null && position.Batch == _plan.Batches)
        {
            run.PrepareEvaluation();
            validated = validation.Measure(run.Network, run.EvaluatedWidths);
        }
        if (reporter.IsDue(position.Batch))
            reporter.Report(run.PhaseOf(iteration), position.Epoch, position.Batch, run.Means.Read(), rate, run.Costs(), validated);
        return position;
    }
}
