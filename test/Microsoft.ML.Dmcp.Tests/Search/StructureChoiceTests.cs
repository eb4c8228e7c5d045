using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Slimmable;

namespace Microsoft.ML.Dmcp.Tests.Search;

public class StructureChoiceTests
{
    private static readonly NetworkDescription ResNet = NetworkZoo.CifarResNet(20).Describe(3, 32, 32, 10);
    private static readonly WidthGrid Grid = new(ResNet, new WidthRange());
    private static readonly AllowedWidths Allowed = new(ResNet, narrowest: Grid.MinWidths);

    [Fact]
    public void Greedy_slimming_takes_from_the_group_that_misses_it_least_and_stops_at_the_budget()
    {
        // A toy whose groups are worth 1, 2, 3 … for every channel: the first are emptied first, one block at a time.
        var limits = Budget.ParametersRatio(0.6).For(ResNet, Grid.MinWidths);
        // An evaluation is a pass over the images: no structure needs two.
        var evaluated = new HashSet<string>();
        double Worth(int[] widths)
        {
            Assert.True(evaluated.Add(string.Join(' ', widths)));
            return widths.Select((w, g) => (g + 1.0) * w / Grid.Blocks[g].BlockSize).Sum();
        }
        var widths = GreedySlimming.Choose(Choice(limits, Worth));
        Assert.True(limits.Hold(widths));
        var first = Enumerable.Range(0, widths.Length).First(g => widths[g] > Grid.MinWidths[g]);
        Assert.Equal(Grid.MinWidths[..first], widths[..first]);
        Assert.Equal(ResNet.FullWidths.Skip(first + 1), widths[(first + 1)..]);
        // One block less and the budget would not hold.
        widths[first] += Grid.Blocks[first].BlockSize;
        Assert.False(limits.Hold(widths));
    }

    [Fact]
    public void Of_equally_good_structures_the_cheapest_is_taken()
    {
        var limits = Budget.FlopsRatio(0.95).For(ResNet, Grid.MinWidths);
        var widths = GreedySlimming.Choose(Choice(limits, _ => 0.5));
        int[] WithoutABlockOf(int group) =>
            ResNet.FullWidths.Select((w, i) => i == group ? w - Grid.Blocks[group].BlockSize : w).ToArray();
        var cheapest = Enumerable.Range(0, widths.Length).MinBy(g => limits.Use(WithoutABlockOf(g)));
        Assert.True(widths[cheapest] < ResNet.FullWidths[cheapest]);
        Assert.Equal(1, Enumerable.Range(0, widths.Length).Count(g => widths[g] < ResNet.FullWidths[g]));
    }

    [Fact]
    public void Structures_of_any_proportions_use_the_budget_and_never_exceed_it()
    {
        var random = new RandomSource(1);
        foreach (var share in (double[])[0.1, 0.3, 0.7, 1])
        {
            var limits = Budget.FlopsRatio(share).For(ResNet, Grid.MinWidths);
            var genes = new StructureGenes(Grid, Allowed, limits);
            var drawn = Enumerable.Range(0, 50).Select(_ => genes.Widths(genes.Draw(random))).ToArray();
            Assert.All(drawn, w => Assert.True(limits.Hold(w)));
            Assert.All(drawn, w => Assert.InRange(limits.Use(w), 0.9, 1));
            Assert.True(share == 1 || drawn.Select(w => string.Join(' ', w)).Distinct().Count() > 45);
            Assert.All(drawn, w => Assert.All(w.Zip(Grid.MinWidths), pair => Assert.True(pair.First >= pair.Second)));
        }
    }

    [Fact]
    public void Evolution_does_better_than_as_many_random_structures_and_comes_again_from_its_seed()
    {
        var limits = Budget.FlopsRatio(0.5).For(ResNet, Grid.MinWidths);
        var genes = new StructureGenes(Grid, Allowed, limits);
        // Worth: all channels in the first half of the groups.
        static double Worth(int[] widths) => widths.Take(widths.Length / 2).Sum();
        var wins = 0;
        for (var seed = 1; seed <= 10; seed++)
        {
            var evolved = Worth(EvolutionarySelection.Choose(Choice(limits, Worth, seed), 20, 10, 0.2));
            var random = new RandomSource(seed + 100);
            wins += evolved >= Enumerable.Range(0, 110).Max(_ => Worth(genes.Widths(genes.Draw(random)))) ? 1 : 0;
        }
        Assert.InRange(wins, 8, 10);
        Assert.Equal(Evolved(), Evolved());

        int[] Evolved() => EvolutionarySelection.Choose(Choice(limits, Worth, seed: 5), 10, 3, 0.2);
    }

    private static StructureChoice Choice(CostLimits limits, Func<int[], double> worth, int seed = 1) =>
        new(Grid, Allowed, limits, worth, new RandomSource(seed), _ => { });
}
