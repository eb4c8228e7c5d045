using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Tests.Budgets;

namespace Microsoft.ML.Dmcp.Tests.Search;

public class BudgetReportTests
{
    private static readonly NetworkDescription ResNet = NetworkZoo.CifarResNet(20).Describe(3, 32, 32, 10);

    [Fact]
    public void A_budget_stands_beside_what_can_be_reached_before_anything_is_trained()
    {
        var table = HandMadeTable.Of(ResNet, (i, o) => 1 + 0.01 * i * o, 8, 16);
        var budget = Budget.Latency(0.3, table).And(Budget.MFlops(20));
        Assert.Equal($"""
            cifar-resnet20: 32x32 pixels, 10 classes, budget of 0.3 ms by latency table {table.Id} and 20 MFLOPs
                       MFLOPs    share  M parameters    share      ms    share
            narrowest   5.481   13.4 %        0.0206    7.6 %  0.0816   14.2 %
            uniform    19.944   48.9 %        0.1227   45.0 %  0.2990   51.9 %
            full       40.813  100.0 %        0.2725  100.0 %  0.5757  100.0 %
            budget     20.000   49.0 %             -        -  0.3000   52.1 %
            The budget is within reach.
            """, budget.Describe(ResNet, new WidthRange(), widthMultiple: 8));
    }

    [Theory]
    [InlineData(0.001, "The budget is out of reach: the narrowest network costs more.")]
    [InlineData(100, "The unpruned network meets the budget.")]
    [InlineData(20, "The budget is within reach.")]
    public void The_report_says_whether_the_budget_can_be_met(double mflops, string verdict)
    {
        var lines = Budget.MFlops(mflops).Describe(ResNet).Split('\n');
        Assert.Equal(verdict, lines[^1]);
        Assert.Equal(mflops < 1, lines[3].Contains(" -"));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 100));
    }

    [Fact]
    public void Every_search_logs_it_first()
    {
        foreach (var name in (string[])["dmcp", "magnitude"])
        {
            var lines = new List<string>();
            TestSearches.Find(name, o => o.NumberOfEpochs = 1, RunLog.None with { Info = lines.Add });
            Assert.EndsWith("The budget is within reach.", lines[0]);
        }
    }
}
