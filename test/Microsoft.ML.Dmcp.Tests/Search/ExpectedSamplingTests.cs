using CsCheck;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Dmcp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Search;

/// <summary>Widths that are computed within a budget: by expected sampling from α, and by uniform scaling.</summary>
public class ExpectedSamplingTests
{
    [Fact]
    public void Expected_sampling_never_exceeds_the_budget_and_uses_it_well_whatever_alpha_is()
    {
        var network = NetworkZoo.MobileNetV2(1.5).Describe(3, 64, 64, 100);
        using var model = new MarkovModel(network, new WidthRange(0.1, 1.5, 0.1), TransitionKind.Sigmoid, ScalarType.Float64, CPU);
        var budgets = Gen.OneOf(
            Budget.FlopsRatio(0.05),
            Budget.FlopsRatio(0.3),
            Budget.FlopsRatio(0.8),
            Budget.FlopsRatio(1),
            Budget.ParametersRatio(0.2),
            Budget.MParameters(3),
            Budget.FlopsRatio(0.4).And(Budget.ParametersRatio(0.3)));
        var spreads = Gen.OneOf(0.1, 1, 10, 100);
        Gen.Select(budgets, spreads, Gen.Double[-0.5, 0.5].Array[(int)model.Alpha.numel()]).Check(56, (budget, spread, alpha) =>
        {
            var limits = budget.For(network, model.Grid.MinWidths);
            using (no_grad())
            using (NewDisposeScope())
                model.Alpha.copy_(tensor(alpha.Select(a => spread * a).ToArray(), model.Alpha.shape));
            var (widths, _) = ExpectedSampling.Sample(model, new AllowedWidths(network), limits);
            network.CheckWidths(widths);
            Assert.True(limits.Hold(widths));
            Assert.InRange(limits.Use(widths), 0.95, 1);
        });
    }

    [Fact]
    public void Expected_sampling_is_plain_rounding_where_the_expectation_meets_the_budget()
    {
        var network = NetworkZoo.CifarResNet(20).Describe(3, 32, 32, 10);
        using var model = new MarkovModel(network, new WidthRange(), TransitionKind.Sigmoid, ScalarType.Float64, CPU);
        var cost = NetworkCost.Flops(network);
        var rounded = new AllowedWidths(network).Round(model.ExpectedWidthsOnHost());
        var (widths, shift) = ExpectedSampling.Sample(
            model, new AllowedWidths(network), CostLimits.Of([(BudgetMetric.Flops, (long)(cost.Count(rounded) * 1.02))], network));
        Assert.Equal(rounded, widths);
        Assert.Equal(0, shift);
    }

    [Fact]
    public void Uniform_scaling_meets_every_budget_it_accepts()
    {
        var network = NetworkZoo.CifarResNet(56).Describe(3, 32, 32, 10);
        for (var ratio = 0.02; ratio <= 1; ratio += 0.07)
        {
            var config = UniformScaling.Find(network, Budget.FlopsRatio(ratio));
            Assert.InRange((double)config.Flops / config.UnprunedFlops, 0.95 * ratio, ratio);
        }
        Assert.Equal(network.FullWidths, UniformScaling.Find(network, Budget.FlopsRatio(1)).WidthsFor(network));
    }
}
