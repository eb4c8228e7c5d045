using System.Globalization;

namespace Microsoft.ML.Dmcp.Tests.Training;

public sealed class ConsoleProgressTests
{
    private readonly StringWriter _output = new() { NewLine = "\n" };

    [Fact]
    public void A_file_gets_one_line_an_epoch_of_each_phase()
    {
        var show = new ConsoleProgress(_output, isTerminal: false).Show("demo");
        TrainingProgress[] reports =
        [
            Reports.WarmUp(1, 5),
            Reports.WarmUp(1, 10),
            Reports.Search(2, 5),
            Reports.Search(2, 10),
            Reports.Retrain(3, 10),
        ];
        foreach (var report in reports)
            show(report);
        var costs = "expected 21.50 of 20.41 MFLOPs  expected 0.25 of 0.13 Mparameters";
        Assert.Equal(
            $"""
            demo      warm up  epoch  1/3  loss 1.500  accuracy 62.5 %  1234 images/s  1:02:03 left
            demo      search   epoch  2/3  loss 1.500  accuracy 62.5 %  {costs}  1234 images/s  1:02:03 left
            demo      train    epoch  3/3  loss 1.500  accuracy 62.5 %  1234 images/s  1:02:03 left

            """,
            _output.ToString());
    }

    [Fact]
    public void A_terminal_gets_one_line_that_changes_and_that_no_rest_of_an_older_one_follows()
    {
        var show = new ConsoleProgress(_output, isTerminal: true, () => 120).Show("demo");
        show(Reports.Search(2, 5));
        show(Reports.Retrain(3, 10));
        var lines = _output.ToString().Split('\r');
        Assert.Equal(
            ["", "demo      search   epoch  2/3 50 %", "demo      train    epoch  3/3  los"],
            lines.Select(l => l[..Math.Min(l.Length, 34)]));
        Assert.Equal(119, lines[1].Length);
        Assert.Matches("left +\n$", lines[2]);
        Assert.Equal(119, lines[2].TrimEnd('\n').Length);
        Assert.Equal(1, _output.ToString().Count(c => c == '\n'));
    }

    [Theory]
    [InlineData(0, 79)]
    [InlineData(-1, 79)]
    [InlineData(1, 79)]
    [InlineData(12, 11)]
    public void A_window_of_a_strange_size_does_not_end_the_run(int width, int expected)
    {
        new ConsoleProgress(_output, isTerminal: true, () => width).Show("demo")(Reports.Search(1, 5));
        Assert.Equal(1 + expected, _output.ToString().Length);
    }

    [Fact]
    public void A_window_of_unknown_width_does_not_end_the_run()
    {
        new ConsoleProgress(_output, isTerminal: true, () => throw new IOException("no terminal")).Show("demo")(Reports.Search(1, 5));
        new ConsoleProgress(_output, isTerminal: true, () => throw new PlatformNotSupportedException()).Show("demo")(Reports.Search(1, 5));
        Assert.Equal(2 * 80, _output.ToString().Length);
    }

    [Fact]
    public void Lines_are_the_same_in_every_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = "," } };
            new ConsoleProgress(_output, isTerminal: false).Show("demo")(Reports.Search(1, 10));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
        Assert.DoesNotContain(",", _output.ToString());
    }

    [Fact]
    public void A_run_of_days_shows_all_of_its_hours()
    {
        new ConsoleProgress(_output, isTerminal: false)
            .Show("imagenet")(Reports.Search(1, 10) with { TimeLeft = new TimeSpan(2, 3, 4, 5) });
        Assert.EndsWith(" 51:04:05 left\n", _output.ToString());
    }
}
