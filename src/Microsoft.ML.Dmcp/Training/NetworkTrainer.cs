using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Optimization;

namespace Microsoft.ML.Dmcp.Training;

/// <summary>Ordinary supervised training of one network: the retraining of 4.1, with hard labels.</summary>
internal sealed class NetworkTrainer : TrainingRun
{
    private readonly ClassificationLoss _loss;
    private readonly WeightOptimizer _optimizer;

    /// <param name="network">The network, with fresh weights or those to fine-tune; trained in place.</param>
    /// <param name="options">How fast.</param>
    /// <param name="iterations">Iterations of the whole run.</param>
    /// <param name="set">The images, whose classes may have weights.</param>
    public NetworkTrainer(SlimmableNetwork network, TrainingOptions options, long iterations, ImageSet set)
    {
        (Network, _loss) = (network, options.LossOn(set, network.Device));
        _optimizer = new WeightOptimizer(network, options.LearningRate, options.Momentum, options.WeightDecay, iterations);
        Means = new RunningMean(MeansOfTraining, network.Device);
    }

    public override SlimmableNetwork Network { get; }

    public override RunningMean Means { get; }

    public override TrainingPhase PhaseOf(long iteration) => TrainingPhase.Retrain;

    public override double Step(ImageBatch batch, long iteration)
    {
        var scores = Network.Run(batch.Images, new NetworkPass(NormStatistics.BatchTracked, Dropout: true));
        var loss = _loss.Of(scores, batch.Labels);
        loss.backward();
        Means.Add(Loss, loss, 1);
        Means.Add(Accuracy, Evaluation.Correct(scores, batch.Labels), batch.Count);
        return _optimizer.Step(iteration);
    }

    public override void Save(BinaryWriter writer) => _optimizer.Save(writer);

    public override void Load(BinaryReader reader) => _optimizer.Load(reader);

    public override void Dispose()
    {
        _optimizer.Dispose();
        _loss.Dispose();
        Means.Dispose();
    }
}
