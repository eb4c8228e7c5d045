using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Optimization;
using Microsoft.ML.Dmcp.Training.Progress;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training;

/// <summary>The loop that searches and trainings share: epochs of shuffled batches, progress, cancellation and checkpoints.</summary>
/// <param name="options">How long, how large, where to keep checkpoints.</param>
/// <param name="images">Labelled images.</param>
/// <param name="random">Order, augmentation and all that the run draws.</param>
/// <param name="log">Gets progress and warnings, and cancels the run.</param>
internal sealed class TrainingLoop(TrainingOptions options, ImageBatches images, RandomSource random, RunLog log)
{
    private readonly EpochPlan _plan = images.Plan;
    private readonly Ranks? _ranks = images.Ranks;

    // Drawn before a checkpoint is read, so that a run that resumes draws the same. Every batch has a source of its own, whenever it is
    // made.
    private readonly long _augmentationSeed = (long)random.NextUInt64();

    /// <summary>Runs all epochs, or those that are left after the checkpoint.</summary>
    /// <param name="run">What is trained.</param>
    /// <param name="checkpoint">Where its state is kept; null for nowhere.</param>
    /// <param name="validation">Measures every epoch; null for nothing.</param>
    /// <returns>Whether the state in the end is in the checkpoint: a full disk ends no run, whose result would be lost.</returns>
    /// <exception cref="OperationCanceledException">
    /// The run was cancelled; its state is in the checkpoint, or the inner exception says why not.
    /// </exception>
    /// <exception cref="IOException">The checkpoint cannot be written at all.</exception>
    /// <exception cref="InvalidOperationException">A loss is no finite number, and no epoch before it is kept.</exception>
    public bool Run(TrainingRun run, Checkpoint? checkpoint, Validation? validation = null)
    {
        var history = options.History ?? new EpochHistory();
        var position = checkpoint?.Restore(run, random, validation, history, _plan, options.NumberOfEpochs) ?? new LoopPosition(0, 0, []);
        if (position.Order.Length == 0)
            OnFirstRank(() => checkpoint?.RequireWritable());
        else
            log.Info(
                $"Resumed after batch {position.Batch} of {_plan.Batches} in epoch {position.Epoch + 1} of {options.NumberOfEpochs}, " +
                $"from checkpoint '{options.CheckpointPath}'.");
        var first = IterationOf(position.Epoch, position.Batch);
        var reporter = new ProgressReporter(log, history.Record + options.MetricsCallback, options.NumberOfEpochs, _plan, position);
        var saved = Stopwatch.StartNew();
        try
        {
            for (var epoch = position.Epoch; epoch < options.NumberOfEpochs && validation is not { IsOver: true }; epoch++)
            {
                if (epoch > position.Epoch || position.Order.Length == 0)
                {
                    position = new LoopPosition(epoch, 0, _plan.Shuffle(random));
                    run.Means.Reset();
                }
                RunEpoch();
                if (_ranks is not null)
                    RankState.RequireSame(_ranks, run, random, epoch);
                if (validation is not null && validation.Epochs == epoch)
                    Validate();
            }
        }
        catch (OperationCanceledException) when (log.IsCanceled || _ranks is not null)
        {
            throw Cancelled();
        }
        catch (ObserverException e)
        {
            Save("The exception of the MetricsCallback ends the run.");
            ExceptionDispatchInfo.Throw(e.InnerException!);
        }
        catch (DivergedException e)
        {
            if (validation is not { KeepsAnEpoch: true })
                throw new InvalidOperationException(e.Message);
            validation.Restore(run.Network);
            log.Warning($"{e.Message} The best epoch before is kept.");
            return false;
        }
        validation?.Restore(run.Network);
        if (_ranks is not null)
            log.Info(_ranks.Traffic.Describe(IterationOf(position.Epoch, position.Batch) - first));
        Share();
        return OnAnyRank(Save("The run continues."));

        void RunEpoch()
        {
            using var ahead = Ahead(position);
            while (position.Batch < _plan.Batches)
            {
                log.ThrowIfCanceled(_ranks);
                Iterate(ahead);
                if (checkpoint is null || !OnAnyRank(saved.Elapsed >= options.CheckpointInterval))
                    continue;
                Share();
                Save("The run continues.");
                saved.Restart();
            }
        }

        void Iterate(BatchesAhead ahead)
        {
            var iteration = IterationOf(position.Epoch, position.Batch);
            double rate;
            using (NewDisposeScope())
                rate = run.Step(ahead.Next().As(options.ComputingType), iteration);
            position = position with { Batch = position.Batch + 1 };
            // The last report of an epoch comes with its validation.
            if (reporter.IsDue(position.Batch) && (validation is null || position.Batch < _plan.Batches))
                reporter.Report(run.PhaseOf(iteration), position, ReadMeans(), rate, run.Costs(), null);
        }

        void Validate()
        {
            var before = random.Clone();
            double validated;
            try
            {
                run.PrepareEvaluation();
                validated = validation.Measure(run.Network, run.EvaluatedWidths);
            }
            catch (OperationCanceledException)
            {
                // A run that resumes measures this epoch anew.
                random.CopyFrom(before);
                throw;
            }
            var last = IterationOf(position.Epoch, position.Batch - 1);
            var rate = options.Schedule.At(last, _plan.Iterations(options.NumberOfEpochs));
            reporter.Report(run.PhaseOf(last), position, ReadMeans(), rate, run.Costs(), validated);
        }

        IReadOnlyDictionary<Mean, double> ReadMeans()
        {
            Share();
            return run.Means.Read();
        }

        void Share()
        {
            if (_ranks is not null)
                run.Means.Share(_ranks);
        }

        OperationCanceledException Cancelled()
        {
            Share();
            try
            {
                OnFirstRank(() => checkpoint?.Save(run, random, position, validation, history));
                return new OperationCanceledException("The run was cancelled.", log.Token);
            }
            catch (IOException e)
            {
                log.Warning($"{e.Message} The run was cancelled.");
                return new OperationCanceledException($"The run was cancelled, and its state is lost: {e.Message}", e, log.Token);
            }
        }

        bool Save(string otherwise)
        {
            try
            {
                OnFirstRank(() => checkpoint?.Save(run, random, position, validation, history));
                return checkpoint is not null && (_ranks?.IsFirst ?? true);
            }
            catch (IOException e)
            {
                log.Warning($"{e.Message} {otherwise}");
                return false;
            }
        }
    }

    /// <summary>Does what one process does for all: they have the same state.</summary>
    private void OnFirstRank(Action action)
    {
        if (_ranks is null or { IsFirst: true })
            action();
    }

    private bool OnAnyRank(bool here) => _ranks?.Any(here) ?? here;

    private BatchesAhead Ahead(LoopPosition start) => new(images.Source, images.SizeOfShare, start.Batch, _plan.Batches, (target, batch) =>
    {
        var source = new RandomSource(_augmentationSeed + IterationOf(start.Epoch, batch));
        images.FillShare(target, _plan.Batch(start.Order, batch), options.Augmentation, source);
    });

    private long IterationOf(int epoch, int batch) => _plan.Iterations(epoch) + batch;
}
