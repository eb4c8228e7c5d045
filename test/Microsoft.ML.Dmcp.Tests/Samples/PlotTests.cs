using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Search.Dmcp;

namespace Microsoft.ML.Dmcp.Tests.Samples;

public sealed partial class PlotTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-plots").FullName;

    public static TheoryData<string> Plots => new("widths", "mean widths", "costs", "one cost", "distribution", "settled", "difference", "lines", "one point", "bars", "one bar");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Plots))]
    public void A_plot_shows_everything_inside_its_frame_with_no_label_on_another_and_is_drawn_the_same_again(string plot)
    {
        var (path, again) = (Path.Combine(_folder, "plot.svg"), Path.Combine(_folder, "again.svg"));
        Draw(plot, path);
        Draw(plot, again);
        Assert.Equal(File.ReadAllText(path), File.ReadAllText(again));

        var svg = XDocument.Load(path).Root!;
        var (width, height) = (Number(svg, "width"), Number(svg, "height"));
        Assert.InRange(width, 50, 4000);
        foreach (var element in svg.Elements())
        {
            foreach (var name in (string[])["x", "x1", "x2", "cx"])
                Assert.InRange(Number(element, name), 0, width);
            foreach (var name in (string[])["y", "y1", "y2", "cy"])
                Assert.InRange(Number(element, name), 0, height);
            Assert.InRange(Number(element, "x") + Number(element, "width"), 0, width + 0.01);
            Assert.InRange(Number(element, "y") + Number(element, "height"), 0, height + 0.01);
        }
        // Texts of one direction: turned back by their angle, no two boxes may overlap. A mean letter of common fonts is half its size wide.
        foreach (var turned in svg.Elements().Where(e => e.Name.LocalName == "text").Select(Box).GroupBy(b => b.Turn))
        {
            var boxes = turned.ToArray();
            for (var i = 0; i < boxes.Length; i++)
                for (var j = 0; j < i; j++)
                    Assert.False(boxes[i].Left < boxes[j].Right && boxes[j].Left < boxes[i].Right && boxes[i].Top < boxes[j].Bottom && boxes[j].Top < boxes[i].Bottom,
                        $"'{boxes[i].Text}' lies on '{boxes[j].Text}'");
        }
    }

    [Fact]
    public void Names_with_marks_of_XML_stay_readable()
    {
        var path = Path.Combine(_folder, "plot.svg");
        BarPlot.Save("a < b & \"c\"", "%", [new Bar("<x>", 1, 1, 1)], path);
        Assert.Contains("a < b & \"c\"", XDocument.Load(path).Root!.Elements().Select(e => e.Value));
        Assert.Contains("<x>", XDocument.Load(path).Root!.Elements().Select(e => e.Value));
    }

    [Fact]
    public void Bars_of_repeated_runs_show_their_mean_and_range_or_deviation()
    {
        Assert.Equal(new Bar("a", 2, 1, 3), Bar.OfRange("a", [1, 3, 2]));
        Assert.Equal(new Bar("a", 2, 1, 3), Bar.OfDeviation("a", [1, 3, 2]));
        Assert.Equal(new Bar("a", 5, 5, 5), Bar.OfDeviation("a", [5]));
    }

    [Fact]
    public void A_value_that_is_not_a_number_is_refused_by_the_name_of_its_axis()
    {
        var path = Path.Combine(_folder, "plot.svg");
        var error = Assert.Throws<ArgumentException>(() => LinePlot.Save("t", "iteration", "accuracy, %", [new LineSeries("a", [(1, double.NaN)])], path));
        Assert.Contains("accuracy, %", error.Message);
    }

    private static void Draw(string plot, string path)
    {
        var (wide, plain) = (NetworkZoo.MobileNetV2(1.5).Describe(3, 64, 64, 100), NetworkZoo.MobileNetV2(1.0).Describe(3, 64, 64, 100));
        var config = UniformScaling.Find(wide, Budget.FlopsRatio(0.3));
        switch (plot)
        {
            case "widths":
                WidthPlot.Save(config, path);
                break;
            case "mean widths":
                MeanWidthPlot.Save(Statistics(wide, 0.9), path);
                break;
            case "costs":
                CostHistogramPlot.Save(Statistics(wide, 0.9).Flops, "FLOPs", 30_000_000, path);
                break;
            case "one cost":
                CostHistogramPlot.Save(Statistics(wide, 1).Flops, "FLOPs", null, path);
                break;
            case "distribution":
                WidthDistributionPlot.Save(Statistics(wide, 0.9), path);
                break;
            case "settled":
                WidthDistributionPlot.Save(Statistics(plain, 0), path);
                break;
            case "difference":
                WidthDifferencePlot.Save("MobileNetV2 1.5x less 1.0x", config.DifferenceFrom(UniformScaling.Find(plain, Budget.FlopsRatio(0.9))), wide, path);
                break;
            case "lines":
                LinePlot.Save("FLOPs while searching", "iteration", "expected MFLOPs",
                    [new LineSeries("seed 1", Enumerable.Range(0, 50).Select(i => (2000.0 * i, 300 + 500 * Math.Exp(-i / 9.0))).ToArray()), new LineSeries("target", [(0, 300), (98000, 300)])],
                    path);
                break;
            case "one point":
                LinePlot.Save("t", "x", "y", [new LineSeries("a", [(3, -0.0001)])], path);
                break;
            case "bars":
                BarPlot.Save("Accuracy of three runs, least to greatest", "%",
                    [Bar.OfRange("DMCP", [70.1, 70.4, 70.2]), Bar.OfRange("without distillation", [69.1, 69.9, 69.5])], path, baseline: 68);
                break;
            case "one bar":
                BarPlot.Save("t", "difference", [new Bar("a", -2, -3, -1)], path);
                break;
        }
    }

    private static StructureStatistics Statistics(NetworkDescription network, double transition)
    {
        var blocks = network.Groups.Select(g => ChannelBlocks.Divide(g.Channels, new WidthRange(0.1, 1.5, 0.1))).ToArray();
        var chain = new MarkovChain(blocks, blocks.Select(b => Enumerable.Repeat(transition, b.Blocks).ToArray()).ToArray());
        return new SearchedChain(chain, CostLimits.Of([(BudgetMetric.Flops, 30_000_000)], network)).Statistics(network, 500, 0.1, 1);
    }

    private static double Number(XElement element, string name) => element.Attribute(name) is { } a ? double.Parse(a.Value, CultureInfo.InvariantCulture) : 0;

    private static (string Text, double Turn, double Left, double Right, double Top, double Bottom) Box(XElement text)
    {
        var (at, size) = (Transform().Match(text.Attribute("transform")!.Value), Number(text, "font-size"));
        double Part(int i) => double.Parse(at.Groups[i].Value, CultureInfo.InvariantCulture);
        var (sine, cosine) = Math.SinCos(-Part(3) * Math.PI / 180);
        var (x, y, length) = (cosine * Part(1) - sine * Part(2), sine * Part(1) + cosine * Part(2), 0.5 * size * text.Value.Length);
        var left = text.Attribute("text-anchor")!.Value switch { "start" => x, "middle" => x - length / 2, _ => x - length };
        return (text.Value, Part(3), left, left + length, y - 0.7 * size, y);
    }

    [GeneratedRegex(@"^translate\(([-\d.]+),([-\d.]+)\) rotate\(([-\d.]+)\)$")]
    private static partial Regex Transform();
}
