using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Search.Dmcp;
using SkiaSharp;

namespace Microsoft.ML.Dmcp.Tests.Samples;

public sealed partial class PlotTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-plots").FullName;

    public static TheoryData<string> Plots => new(
        "widths", "mean widths", "costs", "one cost", "distribution", "settled", "difference", "lines", "one point", "bars", "one bar");

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
        var bars = svg.Descendants().Where(e => e.Name.LocalName == "rect" && e.Parent!.Name.LocalName != "clipPath");
        Assert.All(bars, bar => Assert.InRange(Number(bar, "x") + Number(bar, "width"), 0, width + 0.01));
        Assert.All(bars, bar => Assert.InRange(Number(bar, "y") + Number(bar, "height"), 0, height + 0.01));
        var boxes = svg.Descendants().Where(e => e.Name.LocalName == "text").Select(Box).ToArray();
        Assert.NotEmpty(boxes);
        foreach (var box in boxes.Where(b => b.Turn == 0))
        {
            Assert.True(box.Left >= 0 && box.Right <= width && box.Top >= 0 && box.Bottom <= height, $"'{box.Text}' leaves the frame");
            // Texts of one direction: no two boxes may overlap. A mean letter of common fonts is half its size wide.
            Assert.All(boxes.Where(other => other.Turn == 0 && other != box), other => Assert.False(
                other.Left < box.Right && box.Left < other.Right && other.Top < box.Bottom && box.Top < other.Bottom,
                $"'{box.Text}' lies on '{other.Text}'"));
        }
    }

    [Fact]
    public void The_plot_of_widths_shows_every_groups_name_width_and_a_bar_as_long_as_its_share()
    {
        var path = Path.Combine(_folder, "plot.svg");
        var config = UniformScaling.Find(NetworkZoo.MobileNetV2(1.0).Describe(3, 64, 64, 100), Budget.FlopsRatio(0.3));
        WidthPlot.Save(config, path);

        var svg = XDocument.Load(path).Root!;
        var texts = svg.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value).ToArray();
        Assert.All(config.Groups, g => Assert.Contains(g.Name, texts));
        Assert.All(config.Groups, g => Assert.Contains($"{g.Width}/{g.Channels}", texts));
        // The blue rectangle that is lower than a bar belongs to the legend.
        var lengths = svg.Descendants().Where(e => e.Name.LocalName == "rect" && Number(e, "height") > 8)
            .Where(e => e.Attribute("style")?.Value.StartsWith("fill:rgb(43,108,176)", StringComparison.Ordinal) == true)
            .OrderBy(e => Number(e, "y")).Select(e => Number(e, "width")).ToArray();
        Assert.Equal(config.Groups.Count, lengths.Length);
        var pixels = lengths[0] / config.Groups[0].Width;
        Assert.All(config.Groups.Zip(lengths), pair => Assert.Equal(pair.First.Width * pixels, pair.Second, 0.01 * pixels));
    }

    [Fact]
    public void A_plot_is_a_picture_of_pixels_when_its_file_ends_in_png_or_names_what_is_missing()
    {
        var path = Path.Combine(_folder, "plot.png");
        if (SKFontManager.Default.FontFamilies.Any(f => f.Length > 0))
        {
            Draw("bars", path);
            using var picture = SKBitmap.Decode(path);
            Assert.InRange(picture.Width, 50, 4000);
            Assert.True(picture.Pixels.Distinct().Count() > 50, "Letters have soft edges: a picture with text has many shades.");
        }
        else
            Assert.Contains("fonts-dejavu-core", Assert.Throws<InvalidOperationException>(() => Draw("bars", path)).Message);
    }

    [Fact]
    public void A_file_that_is_neither_svg_nor_png_is_refused()
    {
        Assert.Contains("plot.gif", Assert.Throws<ArgumentException>(() => Draw("bars", Path.Combine(_folder, "plot.gif"))).Message);
    }

    [Fact]
    public void Names_with_marks_of_XML_stay_readable()
    {
        var path = Path.Combine(_folder, "plot.svg");
        BarPlot.Save("a < b & \"c\"", "%", [new Bar("<x>", 1, 1, 1)], path);
        var texts = XDocument.Load(path).Descendants().Select(e => e.Value).ToArray();
        Assert.Contains("a < b & \"c\"", texts);
        Assert.Contains("<x>", texts);
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
        var error = Assert.Throws<ArgumentException>(
            () => LinePlot.Save("t", "iteration", "accuracy, %", [new LineSeries("a", [(1, double.NaN)])], path));
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
                var other = UniformScaling.Find(plain, Budget.FlopsRatio(0.9));
                WidthDifferencePlot.Save("MobileNetV2 1.5x less 1.0x", config.DifferenceFrom(other), wide, path);
                break;
            case "lines":
                var falling = Enumerable.Range(0, 50).Select(i => (2000.0 * i, 300 + 500 * Math.Exp(-i / 9.0))).ToArray();
                LinePlot.Save("FLOPs while searching", "iteration", "expected MFLOPs",
                    [new LineSeries("seed 1", falling), new LineSeries("target", [(0, 300), (98000, 300)])], path);
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

    private static double Number(XElement element, string name) =>
        element.Attribute(name) is { } a ? double.Parse(a.Value, CultureInfo.InvariantCulture) : 0;

    private static TextBox Box(XElement text)
    {
        var (at, size) = (Place().Match(text.Attribute("transform")!.Value), Number(text, "font-size"));
        double Part(int i) => at.Groups[i].Success ? double.Parse(at.Groups[i].Value, CultureInfo.InvariantCulture) : 0;
        var (x, y) = (Part(1), Part(2));
        var length = 0.5 * size * text.Value.Length;
        var left = text.Attribute("text-anchor")?.Value switch { "middle" => x - length / 2, "end" => x - length, _ => x };
        var top = text.Attribute("dominant-baseline")?.Value switch { "hanging" => y, "middle" => y - 0.35 * size, _ => y - 0.7 * size };
        return new TextBox(text.Value, Part(3), left, left + length, top, top + 0.7 * size);
    }

    [GeneratedRegex(@"^translate\(([-\d.]+),([-\d.]+)\)(?: rotate\(([-\d.]+)\))?$")]
    private static partial Regex Place();

    private sealed record TextBox(string Text, double Turn, double Left, double Right, double Top, double Bottom);
}
