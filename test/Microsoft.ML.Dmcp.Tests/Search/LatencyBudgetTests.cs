using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Tests.Budgets;

namespace Microsoft.ML.Dmcp.Tests.Search;

/// <summary>Searches within a time, by a table that nobody measured.</summary>
public sealed class LatencyBudgetTests : IDisposable
{
    private static readonly NetworkDescription Tiny =
        TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);

    // The second half of the network is what takes time, other than FLOPs say.
    private static readonly LatencyTable Table = HandMadeTable.Of(Tiny, (i, o) => 20 + i * o + 5 * o, 4, 8, 12);

    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-latency").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("dmcp")]
    [InlineData("dais")]
    [InlineData("autoslim")]
    [InlineData("magnitude")]
    public void A_search_finds_a_network_within_the_time_and_logs_it(string name)
    {
        var lines = new List<string>();
        var config = ChannelConfig.FromJson(TestSearches.Find(name, o =>
        {
            o.NumberOfEpochs = 2;
            o.Budget = Budget.Latency(0.5, Table);
        }, RunLog.None with { Info = lines.Add }));
        var milliseconds = Table.MillisecondsOf(Tiny, config.WidthsFor(Tiny));
        Assert.InRange(milliseconds, name == "autoslim" ? 0.4 : 0.475, 0.5);
        Assert.Equal($"0.5 ms by latency table {Table.Id}", config.Method.Settings["budget"]);
        Assert.Contains(lines, line => line.Contains(FormattableString.Invariant($"{milliseconds:0.000} of ")));
    }

    [Fact]
    public void A_time_and_FLOPs_and_parameters_hold_together()
    {
        var budget = Budget.LatencyRatio(0.6, Table).And(Budget.FlopsRatio(0.5)).And(Budget.ParametersRatio(0.7));
        var config = ChannelConfig.FromJson(TestSearches.Find("dmcp", o => (o.Budget, o.NumberOfEpochs) = (budget, 2)));
        var full = Table.MillisecondsOf(Tiny, Tiny.FullWidths);
        var uses = new[]
        {
            Table.MillisecondsOf(Tiny, config.WidthsFor(Tiny)) / full / 0.6,
            (double)config.Flops / config.UnprunedFlops / 0.5,
            (double)config.Parameters / config.UnprunedParameters / 0.7,
        };
        Assert.InRange(uses.Max(), 0.95, 1);
        Assert.Equal($"60 % of the latency by latency table {Table.Id} and 50 % of the FLOPs and 70 % of the parameters", $"{budget}");
    }

    [Fact]
    public void A_saved_search_draws_structures_within_the_time_once_it_is_loaded()
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        var images = ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(rows).Transform(rows);
        var options = (DmcpSearchOptions)TestSearches.Options("dmcp");
        (options.Budget, options.NumberOfEpochs) = (Budget.Latency(0.5, Table), 2);
        var search = ml.Transforms.DmcpSearch(options).Fit(images);
        var path = Path.Combine(_folder, "search.zip");
        ml.Model.Save(search, images.Schema, path);
        var model = new MLContext().Model.Load(path, out _);
        var loaded = model as DmcpSearchTransformer ?? ((IEnumerable<ITransformer>)model).OfType<DmcpSearchTransformer>().Single();
        var drawn = loaded.SampleStructures(3, tolerance: 0.3);
        Assert.Equal(search.SampleStructures(3, tolerance: 0.3).Select(c => c.ToJson()), drawn.Select(c => c.ToJson()));
        Assert.All(drawn, config => Assert.InRange(Table.MillisecondsOf(Tiny, config.WidthsFor(Tiny)), 0.35, 0.5));
    }

    [Theory]
    [InlineData(0.05, "The budget of 0.05 ms is below the narrowest network 'tiny' at 12x12 pixels: give one from ")]
    [InlineData(5, "The budget of 5 ms is above the unpruned network 'tiny' at 12x12 pixels: give one from ")]
    public void A_time_out_of_reach_is_refused_with_the_range_that_can_be_reached(double milliseconds, string message)
    {
        var error = Assert.Throws<BudgetOutOfReachException>(() => UniformScaling.Find(Tiny, Budget.Latency(milliseconds, Table)));
        Assert.StartsWith(message, error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_time_that_cannot_be_is_refused(double milliseconds) =>
        Assert.Contains("ms; needed is a positive number",
            Assert.Throws<ArgumentOutOfRangeException>(() => Budget.Latency(milliseconds, Table)).Message);

    [Fact]
    public void A_table_of_other_images_is_refused_before_anything_is_trained()
    {
        var table = HandMadeTable.Of(TestImages.Network.Describe(3, 24, 24, 4), (_, o) => o, 8);
        var error = Assert.Throws<ArgumentException>(() => TestSearches.Find("dmcp", o => o.Budget = Budget.Latency(1, table)));
        Assert.Contains("LatencyTable.Measure(network)", error.Message);
    }

    [Fact]
    public void Widths_that_engines_do_not_compute_fast_are_warned_of()
    {
        List<string> Warnings(int multiple)
        {
            var warnings = new List<string>();
            var budget = Budget.LatencyRatio(0.9, Table);
            TestSearches.Find("magnitude", o => (o.Budget, o.NumberOfEpochs, o.WidthMultiple) = (budget, 1, multiple),
                RunLog.None with { Warning = warnings.Add });
            return warnings;
        }
        Assert.Contains(Warnings(1), w => w.Contains("WidthMultiple"));
        Assert.DoesNotContain(Warnings(8), w => w.Contains("WidthMultiple"));
    }
}
