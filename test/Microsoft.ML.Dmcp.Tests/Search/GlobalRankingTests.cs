using CsCheck;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Filters;
using Microsoft.ML.Dmcp.Tests.Networks;

namespace Microsoft.ML.Dmcp.Tests.Search;

/// <summary>One ranking over all groups keeps what it says, within the budget, and uses it.</summary>
public sealed class GlobalRankingTests
{
    private static readonly NetworkDescription Residual = NetworkZoo.CifarResNet(20).Describe(3, 32, 32, 10);

    private static readonly NetworkDescription MobileNet = NetworkZoo.MobileNetV2(smallImages: true).Describe(3, 32, 32, 10);

    [Theory]
    [InlineData("residual")]
    [InlineData("inverted")]
    [InlineData("dense")]
    [InlineData("mixed")]
    public void The_ranking_is_that_of_all_channels_sorted_in_one_list(string name)
    {
        var network = SmallNetworks.Describe(name);
        Gen.Select(Gen.Int[0, 1 << 20], Gen.Double[0.2, 0.95], Gen.Bool).Check(40, (seed, share, both) =>
        {
            var budget = both ? Budget.FlopsRatio(share).And(Budget.ParametersRatio(0.8 * share + 0.15)) : Budget.FlopsRatio(share);
            if (LimitsOf(network, budget) is not { } limits)
                return;
            var importance = Draw(network, seed);
            var kept = Ranking(network, limits, perCost: false).Keep(importance, 1);
            Assert.Equal(BySortingAll(network, limits, importance), kept.Select(k => k.Length));
            Assert.All(kept.Select((k, g) => (k, g)), x => AssertBest(importance[x.g], x.k));
        });
    }

    [Theory]
    [InlineData("residual")]
    [InlineData("inverted")]
    [InlineData("mixed")]
    public void Per_cost_the_channel_goes_that_costs_least_importance_for_what_counting_says_it_saves(string name)
    {
        var network = SmallNetworks.Describe(name);
        Gen.Select(Gen.Int[0, 1 << 20], Gen.Double[0.3, 0.9]).Check(20, (seed, share) =>
        {
            if (LimitsOf(network, Budget.FlopsRatio(share).And(Budget.ParametersRatio(share))) is not { } limits)
                return;
            var importance = Draw(network, seed);
            var kept = Ranking(network, limits, perCost: true).Keep(importance, 1);
            Assert.Equal(ByCounting(network, limits, importance), kept.Select(k => k.Length));
        });
    }

    [Fact]
    public void Every_budget_is_met_and_used_and_a_tenth_of_every_group_stays()
    {
        var both = Budget.FlopsRatio(0.6).And(Budget.ParametersRatio(0.4));
        foreach (var (network, seed) in new[] { (Residual, 1), (MobileNet, 2) })
        {
            foreach (var budget in (Budget[])[Budget.FlopsRatio(0.1), Budget.FlopsRatio(0.5), Budget.ParametersRatio(0.3), both])
            {
                var limits = LimitsOf(network, budget)!;
                foreach (var perCost in (bool[])[false, true])
                {
                    var widths = Ranking(network, limits, perCost).Keep(Draw(network, seed), 1).Select(k => k.Length).ToArray();
                    Assert.InRange(limits.Use(widths), 0.95, 1);
                    Assert.All(network.Groups, g => Assert.InRange(10 * widths[g.Index], g.Channels, 10 * g.Channels));
                }
            }
        }
    }

    [Fact]
    public void Step_by_step_the_same_share_goes_until_the_budget_is_met()
    {
        var limits = LimitsOf(Residual, Budget.FlopsRatio(0.25))!;
        var ranking = Ranking(Residual, limits, perCost: false);
        var (left, uses) = (Draw(Residual, 3), new List<double>());
        foreach (var progress in (double[])[0.5, 1])
        {
            var kept = ranking.Keep(left, progress);
            left = left.Select((scores, g) => kept[g].Select(c => scores[c]).ToArray()).ToArray();
            uses.Add(limits.Use(left.Select(g => g.Length).ToArray()) * 0.25);
        }
        Assert.InRange(uses[0], 0.49, 0.5);
        Assert.InRange(uses[1], 0.245, 0.25);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("residual")]
    [InlineData("inverted")]
    [InlineData("dense")]
    [InlineData("grouped")]
    public void What_a_channel_less_saves_is_what_counting_both_networks_says(string name)
    {
        var network = SmallNetworks.Describe(name);
        foreach (var cost in (NetworkCost[])[NetworkCost.Flops(network), NetworkCost.Parameters(network)])
        {
            var (full, savings) = (network.FullWidths, cost.Savings(network.FullWidths));
            Assert.Equal(network.Groups.Select(g => cost.Count(full) - cost.Count(Less(full, g.Index))), savings);
        }
    }

    [Fact]
    public void Channels_that_do_nothing_go_first_and_numbers_that_are_none_end_the_ranking_too()
    {
        var limits = LimitsOf(Residual, Budget.FlopsRatio(0.5))!;
        var dead = Draw(Residual, 4);
        Array.Clear(dead[2]);
        var ranking = Ranking(Residual, limits, perCost: true);
        Assert.Equal((Residual.FullWidths[2] + 9) / 10, ranking.Keep(dead, 1)[2].Length);
        var spoilt = Draw(Residual, 5);
        (spoilt[0][0], spoilt[1][3]) = (double.NaN, double.PositiveInfinity);
        Assert.True(limits.Hold(ranking.Keep(spoilt, 1).Select(k => k.Length).ToArray()));
    }

    [Fact]
    public void A_budget_below_a_tenth_of_every_group_is_refused_with_the_range()
    {
        var options = (FilterPruningOptions)TestSearches.Options("global-magnitude");
        options.Budget = Budget.FlopsRatio(0.005);
        var error = Assert.Throws<BudgetOutOfReachException>(() => TestSearches.Start(options, out _));
        Assert.Contains("below the narrowest", error.Message);
    }

    /// <summary>
    /// The widths when channels go in the order of one sorted list, skipping groups at their tenth, and come back while they fit.
    /// </summary>
    private static int[] BySortingAll(NetworkDescription network, CostLimits limits, double[][] importance)
    {
        var all = importance
            .SelectMany((scores, g) => scores.Select(s => (Relative: s / scores.Average(), Group: g)))
            .OrderBy(x => x.Relative).ToArray();
        var (widths, gone) = (network.FullWidths.ToArray(), new List<int>());
        foreach (var (_, group) in all)
        {
            if (limits.Hold(widths))
                break;
            if (10 * (widths[group] - 1) < network.FullWidths[group])
                continue;
            widths[group]--;
            gone.Add(group);
        }
        return Refilled(widths, limits, gone);
    }

    private static int[] ByCounting(NetworkDescription network, CostLimits limits, double[][] importance)
    {
        var (widths, gone) = (network.FullWidths.ToArray(), new List<int>());
        while (!limits.Hold(widths))
        {
            var tightest = limits.Items.OrderByDescending(l => (double)l.Cost.Count(widths) / l.Most).First().Cost;
            var next = network.Groups.Select(g => g.Index).Where(g => 10 * (widths[g] - 1) >= network.FullWidths[g]).MinBy(g =>
                importance[g].Order().ElementAt(network.FullWidths[g] - widths[g]) / importance[g].Average()
                / (tightest.Count(widths) - tightest.Count(Less(widths, g))));
            widths[next]--;
            gone.Add(next);
        }
        return Refilled(widths, limits, gone);
    }

    private static int[] Refilled(int[] widths, CostLimits limits, List<int> gone)
    {
        foreach (var group in Enumerable.Reverse(gone))
        {
            var more = widths.Select((w, g) => g == group ? w + 1 : w).ToArray();
            widths = limits.Hold(more) ? more : widths;
        }
        return widths;
    }

    private static int[] Less(IReadOnlyList<int> widths, int group) => widths.Select((w, g) => g == group ? w - 1 : w).ToArray();

    private static void AssertBest(double[] scores, int[] kept)
    {
        Assert.Equal(kept.Order(), kept);
        var gone = Enumerable.Range(0, scores.Length).Except(kept).ToArray();
        Assert.True(gone.Length == 0 || gone.Max(c => scores[c]) <= kept.Min(c => scores[c]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Channels_go_in_blocks_where_widths_must_be_multiples(bool perCost)
    {
        var network = NetworkZoo.ResNet18().Describe(3, 64, 64, 10);
        var allowed = new AllowedWidths(network, 16, GlobalRanking.Narrowest(network));
        var limits = Budget.FlopsRatio(0.4).For(network, allowed.Narrowest);
        for (var seed = 1; seed <= 3; seed++)
        {
            var widths = Ranking(network, limits, perCost, multiple: 16).Keep(Draw(network, seed), 1).Select(kept => kept.Length).ToArray();
            Assert.All(widths.Zip(network.FullWidths), w => Assert.True(w.First % 16 == 0 || w.First == w.Second));
            Assert.InRange(limits.Use(widths), 0.9, 1);
        }
    }

    /// <summary>The limits; null where a tenth of every group exceeds them.</summary>
    private static CostLimits? LimitsOf(NetworkDescription network, Budget budget)
    {
        var limits = budget.For(network, network.Groups.Select(_ => 1).ToArray());
        return limits.Hold(GlobalRanking.Narrowest(network)) ? limits : null;
    }

    private static GlobalRanking Ranking(NetworkDescription network, CostLimits limits, bool perCost, int multiple = 1) =>
        new(new AllowedWidths(network, multiple, GlobalRanking.Narrowest(network)), limits, network.FullWidths, perCost);

    private static double[][] Draw(NetworkDescription network, int seed)
    {
        var random = new RandomSource(seed);
        return network.FullWidths
            .Select(width => Enumerable.Range(0, width).Select(_ => Math.Exp(3 * random.NextDouble())).ToArray()).ToArray();
    }
}
