using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Tests.Networks;
using Microsoft.ML.Dmcp.Training;
using Microsoft.ML.Dmcp.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Training;

/// <summary>The fast path of an iteration against the straightforward one.</summary>
public class SandwichStepTests
{
    [Theory]
    [InlineData("residual")]
    [InlineData("inverted")]
    [InlineData("mixed")]
    public void An_iteration_has_the_losses_and_gradients_of_separate_networks_in_plain_order(string name)
    {
        var description = SmallNetworks.Describe(name);
        using var network = new SlimmableNetwork(description, CPU, new RandomSource(4), ScalarType.Float64);
        using var generator = new Generator(5);
        var images = randn([6L, 3, 12, 12], ScalarType.Float64, CPU, false, generator);
        var labels = tensor(new long[] { 0, 1, 2, 3, 0, 1 });
        int[][] subNetworks = [
            description.Groups.Select(_ => 1).ToArray(),
            description.Groups.Select(g => Math.Max(1, g.Channels - 1)).ToArray(),
            description.Groups.Select(g => Math.Max(1, g.Channels / 2)).ToArray()
        ];
        var (expectedLoss, expected) = Straightforward(network, images, labels, subNetworks);

        // A step of rate 1 without momentum and decay moves every weight by its gradient.
        var before = network.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone());
        var options = new TestTrainingOptions { LearningRate = new LearningRateSchedule(1, 1), Momentum = 0, WeightDecay = 0 };
        using var optimizer = new WeightOptimizer(network, options, 1);
        using var loss = new ClassificationLoss(options, TestImages.Set(4, seed: 1), CPU);
        using var means = RunningMeans.OfTraining(CPU);
        var channelsLast = images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        new SandwichStep(network, optimizer, new Distillation(2, 1, HardLabel: false), loss, means)
            .Run(new ImageBatch(channelsLast, labels), subNetworks, 0);

        Assert.Equal(expectedLoss, means.Read()[Mean.Loss], 5);
        Assert.All(network.named_parameters(), p =>
            Assert.True(before[p.name].sub(p.parameter.detach()).sub(expected[p.name]).abs().max().ToDouble() < 1e-9, p.name));
    }

    /// <summary>Every network by itself, with copies of its weights; its gradients put back where the weights came from.</summary>
    private static (double Loss, Dictionary<string, Tensor> Gradients) Straightforward(
        SlimmableNetwork network, Tensor images, Tensor labels, int[][] subNetworks)
    {
        const double temperature = 2;
        var sums = network.named_parameters().ToDictionary(p => p.name, p => zeros_like(p.parameter.detach()));
        Tensor? teacher = null;
        double first = 0;
        foreach (var widths in subNetworks.Prepend([.. network.Description.FullWidths]))
        {
            using var own = network.Slice(widths);
            var scores = own.Run(images, new NetworkPass(NormStatistics.Batch));
            var loss = teacher is null ? nn.functional.cross_entropy(scores, labels)
                : scores.div(temperature).log_softmax(1).mul(teacher).sum(1).mean().mul(-temperature * temperature);
            loss.backward();
            first = teacher is null ? loss.ToDouble() : first;
            teacher ??= scores.detach().div(temperature).softmax(1);
            using var noGradient = no_grad();
            foreach (var (key, parameter) in own.named_parameters())
                Scatter(network.Description, widths, key, sums[key], parameter.grad!);
        }
        return (first, sums);
    }

    private static void Scatter(NetworkDescription description, int[] widths, string key, Tensor whole, Tensor part)
    {
        var index = description.Layers.ToList().FindIndex(l => l.Name == key[..key.LastIndexOf('.')]);
        var kept = widths.Select(w => Enumerable.Range(0, w).ToArray()).ToArray();
        var outputs = description.Shapes[index].IndicesOf(kept).Select(i => (long)i).ToArray();
        var inputs = description.Shapes[description.Layers[index].Inputs[0]].IndicesOf(kept).Select(i => (long)i).ToArray();
        if (whole.dim() == 1 || description.Layers[index] is ConvLayer { Depthwise: true })
        {
            whole.index_add_(0, tensor(outputs), part, 1);
            return;
        }
        var rows = zeros([part.shape[0], whole.shape[1], .. part.shape[2..]], part.dtype).index_add_(1, tensor(inputs), part, 1);
        whole.index_add_(0, tensor(outputs), rows, 1);
    }
}
