using Microsoft.ML.Dmcp.Reports.Evaluations;
using Microsoft.ML.Dmcp.Reports.Sections;

namespace Microsoft.ML.Dmcp.Tests.Reports;

/// <summary>Which classes are taken for which, where nobody could read the matrix.</summary>
public sealed class ManyClassesTests
{
    [Fact]
    public void Of_a_thousand_classes_the_most_confused_pairs_and_the_worst_classes_are_shown_and_no_matrix()
    {
        // Class i is taken for the next one by i images of 1,000.
        var counts = new Dictionary<(int, int), int>();
        for (var i = 0; i < 1000; i++)
        {
            counts[(i, i)] = 1000 - i;
            if (i > 0)
                counts[(i, (i + 1) % 1000)] = i;
        }
        var page = Section(1000, counts);
        Assert.Equal(3, page.Descendants("table").Count());
        var pairs = PruningReportTests.Rows(page, "The 20 most confused of 999 pairs").Skip(1).ToArray();
        Assert.Equal(["class 999 → class 0", "999", "99.9 %"], pairs[0]);
        Assert.Equal(20, pairs.Length);
        var worst = PruningReportTests.Rows(page, "The 20 classes of 1,000").Skip(1).ToArray();
        Assert.Equal("class 999", worst[0][0]);
        Assert.Equal(20, worst.Length);
        Assert.InRange(page.ToString().Length, 1, 20_000);
    }

    [Fact]
    public void Up_to_twenty_classes_have_a_matrix_and_twenty_one_have_none()
    {
        bool HasMatrix(int classes) =>
            Section(classes, new() { [(0, 0)] = 1 }).ToString().Contains("Confusion matrix", StringComparison.Ordinal);
        Assert.True(HasMatrix(20));
        Assert.False(HasMatrix(21));
    }

    [Theory]
    [InlineData(9, 10, 0.5958, 0.9821)]
    [InlineData(50, 50, 0.9287, 1)]
    [InlineData(0, 50, 0, 0.0713)]
    public void The_interval_of_an_accuracy_is_Wilsons(int correct, int images, double low, double high)
    {
        var counts = new Dictionary<(int, int), int> { [(0, 0)] = correct, [(0, 1)] = images - correct };
        var interval = new HeldOutResult(["a", "b"], counts, images, 0, 0, 0, []).Interval;
        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    private static System.Xml.Linq.XElement Section(int classes, Dictionary<(int, int), int> counts) => new("page", ConfusionSection.Of(
        new HeldOutResult(Enumerable.Range(0, classes).Select(i => $"class {i}").ToArray(), counts, 0, 0, 0, 0, [])));
}
