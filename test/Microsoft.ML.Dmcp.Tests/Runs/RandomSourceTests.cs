using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Tests.Runs;

/// <summary>One seed gives every purpose numbers of its own, and always the same.</summary>
public class RandomSourceTests
{
    [Fact]
    public void A_split_by_a_fork_shares_no_numbers_with_the_weights_and_comes_again_from_the_seed()
    {
        var source = new RandomSource(1);
        ulong[] main = [.. new RandomSource(1).Many()];
        ulong[] split = [.. source.Fork("split").Many()], other = [.. source.Fork("validation").Many()];
        Assert.Empty(main.Intersect(split));
        Assert.Empty(split.Intersect(other));
        Assert.Equal(split, new RandomSource(1).Fork("split").Many());
        Assert.Empty(split.Intersect(new RandomSource(2).Fork("split").Many()));
        // The fork takes nothing from the source.
        Assert.Equal(main, source.Many());
    }
}

file static class Draws
{
    public static IEnumerable<ulong> Many(this RandomSource source) => Enumerable.Range(0, 100).Select(_ => source.NextUInt64()).ToArray();
}
