namespace Microsoft.ML.Dmcp.Tests.Reports;

/// <summary>What accuracy costs, for networks of several budgets.</summary>
public sealed class SweepReportTests
{
    private static readonly SweepPoint Half = new("<half>", 20, 0.1, 0.75, 200, 0.5, "a b/ü?.html");
    private static readonly SweepPoint Whole = new("whole", 40, 0.3, 0.8, 200);

    [Fact]
    public void Every_network_stands_in_the_plot_and_in_the_table_with_a_link_to_its_report()
    {
        var page = PruningReportTests.Page(SweepReport.Create("a <title>", [Half], Whole).ToHtml());
        Assert.Equal("a <title>", page.Descendants("h1").Single().Value);
        var rows = PruningReportTests.Rows(page, "Networks").Skip(1).ToArray();
        Assert.Equal(["<half>", "20", "0.1", "0.500 ms", "75.0 %", "200"], rows[0]);
        Assert.Equal(["whole", "40", "0.3", "–", "80.0 %", "200"], rows[1]);
        Assert.Equal("a%20b/%C3%BC%3F.html", (string)page.Descendants("a").Single().Attribute("href")!);
        var plot = page.Descendants().Single(e => (string?)e.Attribute("id") == "plot-sweep");
        Assert.Contains("<half> 75.0 %, whole 80.0 %", (string)plot.Attribute("aria-label")!);
    }

    [Theory]
    [InlineData(0, 0.1, 0.5, 10, 1)]
    [InlineData(double.NaN, 0.1, 0.5, 10, 1)]
    [InlineData(1, double.PositiveInfinity, 0.5, 10, 1)]
    [InlineData(1, 0.1, 1.5, 10, 1)]
    [InlineData(1, 0.1, double.NaN, 10, 1)]
    [InlineData(1, 0.1, 0.5, -1, 1)]
    [InlineData(1, 0.1, 0.5, 10, 0)]
    public void Figures_that_cannot_be_are_refused_with_their_network(
        double flops, double parameters, double accuracy, int images, double ms)
    {
        var wrong = new SweepPoint("odd one", flops, parameters, accuracy, images, ms);
        var error = Assert.Throws<ArgumentException>(() => SweepReport.Create("title", [Half, wrong]));
        Assert.Contains("'odd one'", error.Message);
        Assert.Throws<ArgumentException>(() => SweepReport.Create("title", []));
    }
}
