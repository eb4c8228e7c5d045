using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training;
using Microsoft.ML.Dmcp.Training.Retraining;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Training;

/// <summary>Fine-tuning learns from the unpruned network where there is something to learn.</summary>
public sealed class DistillationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-distillation").FullName;
    private readonly BatchSource _source;
    private readonly ImageBatches _images;
    private readonly NetworkDescription _network =
        TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
    private readonly List<string> _messages = [];

    public DistillationTests()
    {
        var set = TestImages.Set(64, seed: 1);
        _source = new BatchSource(set.Shape, Normalization.Of(set), CPU);
        _images = new ImageBatches(set, _source, 16);
    }

    private RunLog Log => RunLog.None with { Info = _messages.Add };

    public void Dispose()
    {
        _source.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_step_descends_the_labels_and_the_teachers_probabilities_in_the_given_proportion()
    {
        const double weight = 0.3, temperature = 2;
        var options = new TestTrainingOptions { LearningRate = new LearningRateSchedule(1, 1), Momentum = 0, WeightDecay = 0 };
        var plan = new RetrainPlan(_network, RetrainingTests.First(_network.FullWidths),
            RetrainMethod.FineTuning, null, 0, weight, temperature);
        using var teacher = new SlimmableNetwork(_network, CPU, new RandomSource(1));
        using var student = new SlimmableNetwork(_network, CPU, new RandomSource(2));
        using var scope = NewDisposeScope();
        var batch = _images.Make([0, 1, 2, 3]);
        var before = student.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone());
        var expected = Gradients(Expected);
        using (var frozen = new FrozenTeacher(teacher))
        using (var run = new DistilledTrainer(student, frozen, plan, options, _images))
            run.Step(batch, 0);
        foreach (var (name, parameter) in student.named_parameters())
            Assert.True(before[name].sub(parameter.detach()).sub(expected[name]).abs().max().ToDouble() < 1e-4, name);

        // Written with the Kullback-Leibler divergence, which differs by what has no gradient.
        Tensor Expected(Tensor scores)
        {
            using var noGradient = no_grad();
            var target = teacher.Run(batch.Images, new NetworkPass(NormStatistics.Running)).div(temperature).softmax(1);
            using var withGradient = enable_grad();
            var logits = scores.div(temperature).log_softmax(1);
            var divergence = target.mul(target.log().sub(logits)).sum(1).mean().mul(temperature * temperature);
            return nn.functional.cross_entropy(scores, batch.Labels).mul(1 - weight).add(divergence.mul(weight));
        }

        Dictionary<string, Tensor> Gradients(Func<Tensor, Tensor> loss)
        {
            loss(student.Run(batch.Images, new NetworkPass(NormStatistics.Batch, Dropout: true))).backward();
            var gradients = student.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!.clone());
            using var noGradient = no_grad();
            foreach (var parameter in student.parameters())
                parameter.grad!.fill_(0);
            return gradients;
        }
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(0.0, false)]
    [InlineData(0.8, true)]
    public void Fine_tuning_has_a_teacher_where_the_weights_are_of_a_network_that_was_trained_by_itself(double? weight, bool distils)
    {
        var weights = Path.Combine(_folder, "unpruned");
        Train(new RetrainPlan(_network, RetrainingTests.First(_network.FullWidths), RetrainMethod.FromScratch),
            o => o.CheckpointPath = weights);
        var half = RetrainingTests.First(UniformScaling.Find(_network, Budget.FlopsRatio(0.5)).WidthsFor(_network));
        Train(new RetrainPlan(_network, half, RetrainMethod.FineTuning, weights, DistillationWeight: weight), _ => { });
        Assert.Equal(distils, _messages.Any(m => m.Contains("learns from the unpruned one", StringComparison.Ordinal)));
        // What many sub-networks share is no teacher unless someone says so.
        var shared = Path.Combine(_folder, "shared");
        Train(new RetrainPlan(_network, half, RetrainMethod.Slimmable, RandomSubNetworks: 1), o => o.CheckpointPath = shared);
        _messages.Clear();
        Train(new RetrainPlan(_network, half, RetrainMethod.FineTuning, shared, DistillationWeight: weight), _ => { });
        Assert.Equal(weight > 0, _messages.Any(m => m.Contains("learns from the unpruned one", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_weight_without_a_teacher_is_refused() => Assert.Contains("FineTuning", Assert.Throws<ArgumentOutOfRangeException>(
        () => new PrunedRetrainOptions { DistillationWeight = 0.5 }.Check()).Message);

    private void Train(RetrainPlan plan, Action<TestTrainingOptions> change)
    {
        var options = new TestTrainingOptions { NumberOfEpochs = 2, BatchSize = 16 };
        change(options);
        new Retrainer(plan, options, _images, seed: 1, Log).Run().Dispose();
    }
}
