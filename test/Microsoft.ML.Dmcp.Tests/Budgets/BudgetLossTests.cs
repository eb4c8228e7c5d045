using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Tests.Reference;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Budgets;

public class BudgetLossTests
{
    public static TheoryData<int> Figures => new(Enumerable.Range(0, Golden.Figures.BudgetLoss.Count));

    [Theory]
    [MemberData(nameof(Figures))]
    public void Budget_losses_and_their_gradients_are_those_of_the_authors_release(int index)
    {
        var figure = Golden.Figures.BudgetLoss[index];
        var kind = figure.Type switch
        {
            "log_l1" => BudgetLossKind.LogL1,
            "inverted_log_l1" => BudgetLossKind.InvertedLogL1,
            "l1" => BudgetLossKind.L1,
            "l2" => BudgetLossKind.L2,
            _ => throw new ArgumentException(figure.Type),
        };
        var (loss, gradient) = Evaluate(kind, figure.Expected, figure.Target);
        // The release computed in single precision: its own rounding is the tolerance.
        Assert.Equal(figure.Loss, figure.Weight * loss, 1e-5 * Math.Max(1, Math.Abs(figure.Loss)));
        Assert.Equal(figure.Gradient, figure.Weight * gradient, 1e-3 * Math.Max(1e-3, Math.Abs(figure.Gradient)));
    }

    [Theory]
    [InlineData(50.0)]
    [InlineData(98.9)]
    [InlineData(101.01)]
    [InlineData(400.0)]
    public void The_papers_loss_is_the_logarithm_of_the_distance_outside_of_its_margin(double expected)
    {
        var (loss, gradient) = Evaluate(BudgetLossKind.LogWithTolerance, expected, 100);
        Assert.Equal(Math.Log(Math.Abs(expected - 100)), loss, 1e-9);
        Assert.Equal(1 / (expected - 100), gradient, 1e-9);
    }

    [Theory]
    [InlineData(99.0)]
    [InlineData(99.5)]
    [InlineData(100.0)]
    public void The_papers_loss_and_its_gradient_vanish_within_the_tolerance(double expected) =>
        Assert.Equal((0.0, 0.0), Evaluate(BudgetLossKind.LogWithTolerance, expected, 100));

    [Fact]
    public void The_papers_loss_still_pulls_just_above_the_target_and_is_finite_there()
    {
        foreach (var above in (double[])[1e-12, 1e-6, 0.001, 0.5, 0.999999])
        {
            var (loss, gradient) = Evaluate(BudgetLossKind.LogWithTolerance, 100 + above, 100);
            Assert.True(double.IsFinite(loss));
            Assert.Equal(1, gradient, 1e-9);
        }
    }

    [Fact]
    public void No_budget_loss_makes_a_NaN_anywhere_near_its_target()
    {
        foreach (var kind in Enum.GetValues<BudgetLossKind>())
            foreach (var e in (double[])[0.001, 94.9999, 95, 95.0001, 99, 99.9999, 100, 100.0001, 300, 300.0001, 1e6])
            {
                var (loss, gradient) = Evaluate(kind, e, 100);
                Assert.True(double.IsFinite(loss) && double.IsFinite(gradient), $"{kind} at {e}: {loss}, {gradient}");
            }
    }

    [Theory]
    [InlineData(0.9, 0.2)]
    [InlineData(0.3, 0.8)]
    [InlineData(0.3, 0.35)]
    public void Of_two_limits_the_one_that_is_used_most_steers_alone(double flopsShare, double parametersShare)
    {
        using var scope = NewDisposeScope();
        var network = NetworkZoo.CifarResNet(20).Describe(3, 32, 32, 10);
        var limits = Budget.FlopsRatio(flopsShare).And(Budget.ParametersRatio(parametersShare))
            .For(network, network.Groups.Select(_ => 1).ToArray());
        using var costs = limits.Expectation(ScalarType.Float64, CPU);
        var widths = tensor(network.FullWidths.Select(w => 0.6 * w).ToArray(), requires_grad: true);
        costs.Loss(BudgetLossKind.LogWithTolerance, costs.Of(widths), 0.99).backward();

        var tightest = limits.Items.MaxBy(l => l.Cost.Of(network.FullWidths.Select(w => 0.6 * w).ToArray()) / l.Most)!;
        using var alone = tightest.Cost.Expectation(ScalarType.Float64, CPU);
        var same = widths.detach().clone().requires_grad_();
        BudgetLoss.Of(BudgetLossKind.LogWithTolerance, alone.Of(same), tightest.Millions, 0.99).backward();
        Assert.True(widths.grad!.sub(same.grad!).abs().max().ToDouble() < 1e-12);
        FiniteDifferences.Check(
            widths, () => costs.Loss(BudgetLossKind.LogWithTolerance, costs.Of(widths), 0.99), new RandomSource(1), "widths", elements: 5);
    }

    private static (double Loss, double Gradient) Evaluate(BudgetLossKind kind, double expected, double target)
    {
        using var scope = NewDisposeScope();
        var e = tensor(expected, ScalarType.Float64, requires_grad: true);
        var loss = BudgetLoss.Of(kind, e, target, 0.99);
        loss.backward();
        return (loss.ToDouble(), e.grad!.ToDouble());
    }
}
