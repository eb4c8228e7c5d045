using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training;

/// <summary>Ordinary supervised training of one network: the retraining from scratch of 4.1, with hard labels.</summary>
internal static class NetworkTrainer
{
    /// <summary>Trains the network in place.</summary>
    /// <param name="network">The network, with fresh weights.</param>
    /// <param name="set">Labelled images.</param>
    /// <param name="batches">Makes tensors of them.</param>
    /// <param name="options">How long, how fast.</param>
    /// <param name="random">Order and augmentation.</param>
    /// <param name="log">Where progress is told.</param>
    public static void Train(SlimmableNetwork network, ImageSet set, BatchSource batches, TrainingOptions options, RandomSource random, RunLog log)
    {
        var plan = new EpochPlan(set.Count, options.BatchSize);
        var iterations = (long)plan.Batches * options.NumberOfEpochs;
        var reporter = new ProgressReporter(log, options.MetricsCallback, options.NumberOfEpochs, plan);
        using var optimizer = new WeightOptimizer(network, options.LearningRate, options.Momentum, options.WeightDecay, iterations);
        using var means = new RunningMean(2, network.Device);
        var pass = new NetworkPass(NormStatistics.BatchTracked, Dropout: true);
        for (var epoch = 0; epoch < options.NumberOfEpochs; epoch++)
        {
            means.Reset();
            var order = plan.Shuffle(random);
            for (var i = 0; i < plan.Batches; i++)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                double rate;
                using (NewDisposeScope())
                {
                    var batch = batches.Make(set, plan.Batch(order, i), options.Augmentation, random);
                    optimizer.ZeroGradients();
                    var scores = network.Run(batch.Images, pass);
                    var loss = Losses.CrossEntropy(scores, batch.Labels, options.LabelSmoothing);
                    loss.backward();
                    rate = optimizer.Step((long)epoch * plan.Batches + i);
                    means.Add(0, loss, 1);
                    means.Add(1, Evaluation.Correct(scores, batch.Labels), batch.Count);
                }
                if (reporter.IsDue(i + 1))
                    reporter.Report(TrainingPhase.Retrain, epoch, i + 1, means.Read(), rate, null);
            }
        }
    }
}
