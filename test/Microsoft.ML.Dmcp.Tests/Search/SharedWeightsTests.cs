using Microsoft.ML.Dmcp.Channels;

namespace Microsoft.ML.Dmcp.Tests.Search;

/// <summary>Weights that are trained once for many budgets, and α that starts from a neighbouring budget's.</summary>
public class SharedWeightsTests
{
    [Fact]
    public void A_warm_up_of_the_whole_time_trains_the_weights_and_leaves_alpha_where_it_meets_the_budget()
    {
        var reports = new List<TrainingProgress>();
        using var run = new SearchRun(epochs: 4, images: 128, report: reports.Add, change: o => o.WarmUpShare = 1);
        var before = run.Search.Model.AlphaOnHost();
        var found = run.Search.Run();
        Assert.Equal(before, run.Search.Model.AlphaOnHost());
        Assert.All(reports, r => Assert.Equal(TrainingPhase.WarmUp, r.Phase));
        Assert.Equal(4, reports[^1].Epoch);
        Assert.True(reports[^1].Loss < reports[0].Loss);
        Assert.InRange((double)found.Config.Flops / found.Config.UnprunedFlops, 0.4, 0.5);
    }

    [Theory]
    [InlineData(TransitionKind.Sigmoid)]
    [InlineData(TransitionKind.Exponential)]
    public void A_search_begins_with_the_alpha_of_another_and_all_of_them_moved_onto_its_own_budget(TransitionKind transition)
    {
        using var first = new SearchRun(epochs: 6, images: 128, change: o => o.Transition = transition);
        first.Search.Run();
        var chain = first.Search.Model.Chain();
        var alpha = first.Search.Model.AlphaOnHost();
        foreach (var share in new[] { 0.5, 0.3 })
        {
            using var second = new SearchRun(epochs: 1, images: 64, change: o =>
            {
                o.Transition = transition;
                o.InitialChain = chain;
                o.Budget = Budget.FlopsRatio(share);
            });
            var begun = second.Search.Model.AlphaOnHost();
            var full = TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
            var flops = NetworkCost.Flops(full);
            var unpruned = flops.Count(full.FullWidths) * 1e-6;
            Assert.Equal(share * unpruned, second.Search.ExpectedNow()[0], 2e-3 * unpruned);
            // What the first search learned of one block against another stays, where no α was at the end of its range.
            if (transition == TransitionKind.Sigmoid)
                Assert.Equal(alpha[0, 0] - alpha[1, 1], begun[0, 0] - begun[1, 1], 1e-3);
        }
    }

    [Fact]
    public void A_search_of_other_widths_is_refused_to_begin_with()
    {
        using var first = new SearchRun(epochs: 1, images: 64);
        var chain = first.Search.Model.Chain();
        var error = Assert.Throws<InvalidOperationException>(() => new SearchRun(epochs: 1, images: 64, change: o =>
        {
            o.InitialChain = chain;
            o.Widths = new WidthRange(0.2, 1, 0.2);
        }));
        Assert.Contains("give this one the same Network and Widths", error.Message);
    }
}
