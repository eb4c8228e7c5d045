using Microsoft.ML.Dmcp.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests;

/// <summary>Checks gradients against central differences in double precision.</summary>
internal static class FiniteDifferences
{
    private const double Step = 1e-5;

    /// <summary>Checks a few elements of a tensor whose gradient has been computed.</summary>
    public static void Check(Tensor parameter, Func<Tensor> loss, RandomSource random, string name, int elements = 3)
    {
        var gradient = parameter.grad!.flatten().data<double>().ToArray();
        for (var trial = 0; trial < elements; trial++)
        {
            var index = random.NextInt32(gradient.Length);
            var difference = (At(index, Step) - At(index, -Step)) / (2 * Step);
            Assert.True(
                Math.Abs(difference - gradient[index]) <= 1e-5 * Math.Max(1, Math.Abs(difference)),
                $"{name}[{index}]: gradient {gradient[index]}, difference {difference}");
        }

        double At(int index, double step)
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            var element = parameter.detach();
            for (var dimension = (int)element.dim() - 1; dimension >= 0; dimension--)
            {
                var size = (int)parameter.shape[dimension];
                (element, index) = (element.narrow(dimension, index % size, 1), index / size);
            }
            var before = element.clone();
            element.add_(step);
            var value = loss().ToDouble();
            element.copy_(before);
            return value;
        }
    }
}
