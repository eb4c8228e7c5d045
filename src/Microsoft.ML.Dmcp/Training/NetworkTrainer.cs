using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs.Communication;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Optimization;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training;

/// <summary>Ordinary supervised training of one network (4.1, with hard labels).</summary>
internal class NetworkTrainer : TrainingRun
{
    private readonly ClassificationLoss _loss;
    private readonly WeightOptimizer _optimizer;
    private readonly TrainingPhase _phase;
    private readonly Ranks? _ranks;

    /// <param name="network">The network, with fresh weights or those to fine-tune; trained in place.</param>
    /// <param name="options">How long and how fast.</param>
    /// <param name="images">The images, whose classes may have weights.</param>
    /// <param name="phase">What the training is for.</param>
    public NetworkTrainer(SlimmableNetwork network, TrainingOptions options, ImageBatches images, TrainingPhase phase)
        : base(network, RunningMeans.OfTraining(network.Device))
    {
        _phase = phase;
        _ranks = images.Ranks;
        _loss = Own(new ClassificationLoss(options, images.Set, network.Device, _ranks));
        _optimizer = OwnState(new WeightOptimizer(network, options, images.Plan.Iterations(options.NumberOfEpochs), _ranks));
    }

    public override TrainingPhase PhaseOf(long iteration) => _phase;

    public override double Step(ImageBatch batch, long iteration)
    {
        var pass = new NetworkPass(
            NormStatistics.BatchTracked, Gates: Gates, Dropout: true, Slices: _optimizer.SlicesOfLastPass(), Ranks: _ranks);
        var scores = Network.Run(batch.Images, pass);
        var loss = _loss.Of(scores, batch.Labels);
        LossOf(batch, scores, loss).backward();
        Means.Add(Mean.Loss, loss, 1);
        Means.Add(Mean.Accuracy, Evaluation.Correct(scores, batch.Labels), batch.Count);
        if (_ranks is { SynchronizesNorms: false })
            Network.AverageStatistics(_ranks);
        return _optimizer.Step(iteration);
    }

    /// <summary>Factor of every channel of every group; null for none.</summary>
    protected virtual Tensor? Gates => null;

    /// <summary>What is descended, a scalar.</summary>
    /// <param name="batch">Images and labels.</param>
    /// <param name="scores">The network's logits, [N, classes].</param>
    /// <param name="labelLoss">The loss of the labels.</param>
    protected virtual Tensor LossOf(ImageBatch batch, Tensor scores, Tensor labelLoss) => labelLoss;
}
