using System.Globalization;
using System.Xml.Linq;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.Dmcp.Tests.Reports;

/// <summary>A report tells the truth about a network, and whatever it shows stays text.</summary>
[Collection(nameof(ReportedPipeline))]
public sealed class PruningReportTests(ReportedPipeline pipeline)
{
    [Fact]
    public void The_figures_of_a_report_are_those_that_MLNET_measures()
    {
        var report = PruningReport.Create(pipeline.Model, pipeline.View());
        var expected = pipeline.ML.MulticlassClassification.Evaluate(pipeline.Model.Transform(pipeline.View()));
        Assert.Equal(expected.MicroAccuracy, report.Accuracy!.Value, 1e-12);
        var figures = Rows(Page(report), "On the held-out images").ToDictionary(row => row[0], row => row[1]);
        Assert.Equal(Percent(expected.MicroAccuracy), figures["accuracy"]);
        Assert.Equal(Percent(expected.MacroAccuracy), figures["mean accuracy of the classes"]);
        Assert.Equal(expected.LogLoss, Number(figures["mean cross entropy"]), 1e-3);
        var matrix = Rows(Page(report), "Confusion matrix").Skip(1).Select(row => row[1..]).ToArray();
        for (var i = 0; i < matrix.Length; i++)
            Assert.Equal(expected.ConfusionMatrix.Counts[i], matrix[i].Select(cell => cell.Length == 0 ? 0 : Number(cell)));
    }

    [Fact]
    public void The_budget_is_met_as_the_costs_of_the_channel_config_say()
    {
        var rows = Rows(Page(PruningReport.Create(pipeline.Model)), "The budget").Skip(1).ToArray();
        Assert.Equal(["FLOPs", "parameters"], rows.Select(r => r[0]));
        var config = pipeline.Network.ChannelConfig;
        Assert.Equal(Percent(config.Flops / Math.Floor(0.5 * config.UnprunedFlops)), rows[0][3]);
        Assert.Equal(Percent(config.Parameters / Math.Floor(0.6 * config.UnprunedParameters)), rows[1][3]);
        Assert.All(rows, row => Assert.Equal("✓ met", row[4]));
    }

    [Fact]
    public void The_widths_stand_in_bars_and_in_the_tables_behind_them_whose_sums_are_the_costs()
    {
        var page = Page(PruningReport.Create(pipeline.Model));
        var config = pipeline.Network.ChannelConfig;
        var bars = page.Descendants().Single(e => (string?)e.Attribute("id") == "plot-widths");
        Assert.All(config.Groups, g => Assert.Contains(bars.Descendants(), e => e.Value == $"{g.Width}/{g.Channels}"));
        Assert.Equal(
            config.Groups.Select(g => (g.Name, $"{g.Channels}", $"{g.Width}")),
            Rows(page, "Channel groups").Skip(1).Select(r => (r[0], r[2], r[3])));
        var total = Rows(page, "Layers before").Last();
        Assert.Equal(config.Flops / 1e6, Number(total[4]), 1e-4);
        Assert.Equal(config.Parameters / 1e6, Number(total[6]), 1e-4);
    }

    [Fact]
    public void Every_epoch_of_search_and_training_is_kept_and_shown()
    {
        Assert.Equal(Enumerable.Range(1, ReportedPipeline.Epochs), pipeline.Search.History.Select(p => p.Epoch));
        Assert.Equal(Enumerable.Range(1, ReportedPipeline.Epochs), pipeline.Network.History.Select(p => p.Epoch));
        Assert.All(pipeline.Network.History, p => Assert.True(p.EndsEpoch && p.ValidationAccuracy is not null));
        var page = Page(PruningReport.Create(pipeline.Model));
        Assert.Equal(2 * ReportedPipeline.Epochs + 1, Rows(page, "The end of every epoch").Count);
        var plots = page.Descendants().Where(e => e.Name.LocalName == "svg").Select(e => (string)e.Attribute("id")!);
        // The FLOPs are the tighter limit, on which the search stays.
        Assert.Equal(["plot-widths", "plot-loss", "plot-accuracy", "plot-parameters"], plots);
    }

    [Fact]
    public void The_errors_are_the_most_confident_ones_with_the_picture_that_the_network_saw()
    {
        var page = Page(PruningReport.Create(pipeline.Model, pipeline.View(), new PruningReportOptions { NumberOfErrors = 5 }));
        var scored = pipeline.ML.Data.CreateEnumerable<ScoreRow>(pipeline.Model.Transform(pipeline.View()), reuseRowObject: false);
        var expected = scored.Zip(pipeline.HeldOut, (row, file) => (File: file, Top: pipeline.Network.Rank(row.Score, 1)[0]))
            .Where(p => p.Top.Class != p.File.Label)
            .OrderByDescending(p => p.Top.Probability).Take(5).ToArray();
        Assert.Equal(5, expected.Length);
        var pictures = page.Descendants("img").ToArray();
        Assert.Equal(
            expected.Select(e => $"{Source(e.File)}: {e.File.Label}, taken for {e.Top.Class}"),
            pictures.Select(p => (string)p.Attribute("alt")!));
        foreach (var (picture, error) in pictures.Zip(expected))
        {
            using var shown = SKBitmap.Decode(Convert.FromBase64String(((string)picture.Attribute("src")!).Split("base64,")[1]));
            using var original = SKBitmap.Decode(error.File.ImagePath);
            Assert.Equal(original.Pixels, shown.Pixels);
        }
    }

    [Fact]
    public void Names_that_look_like_markup_are_shown_and_do_nothing()
    {
        var title = "<script>alert(2)</script> & \ud800 \u0001 \u2028";
        var options = new PruningReportOptions { Title = title, OnnxFile = "a\"b.onnx" };
        var page = Page(PruningReport.Create(pipeline.Model, pipeline.View(), options));
        Assert.Empty(page.Descendants("script"));
        Assert.All(page.Descendants().Attributes(), a => Assert.False(a.Name.LocalName.StartsWith("on", StringComparison.Ordinal)));
        Assert.All(page.Descendants().Attributes("src"), a => Assert.StartsWith("data:image/png;base64,", a.Value));
        Assert.All(page.Descendants().Attributes("href"), a => Assert.StartsWith("#", a.Value));
        Assert.Equal("<script>alert(2)</script> & \uFFFD \uFFFD \u2028", page.Descendants("h1").Single().Value);
        Assert.All(ReportedPipeline.Classes, name => Assert.Contains(page.Descendants("th"), e => e.Value == name));
        Assert.Contains("InferenceSession(\"a\\\"b.onnx\")", page.Descendants("pre").ElementAt(1).Value);
    }

    [Fact]
    public void A_report_is_read_by_those_who_do_not_see_it()
    {
        var page = Page(PruningReport.Create(pipeline.Model, pipeline.View()));
        Assert.Equal("en", (string)page.Attribute("lang")!);
        Assert.NotEqual("", page.Descendants("title").Single().Value);
        Assert.All(page.Descendants("img"), e => Assert.NotEqual("", (string?)e.Attribute("alt") ?? ""));
        var plots = page.Descendants().Where(e => e.Name.LocalName == "svg");
        Assert.All(plots, e => Assert.NotEqual("", (string?)e.Attribute("aria-label") ?? ""));
        Assert.All(page.Descendants("table"), e => Assert.NotEmpty(e.Elements("caption")));
        Assert.All(page.Descendants("th"), e => Assert.Contains((string?)e.Attribute("scope"), (string[])["col", "row"]));
        var names = page.Descendants().Attributes("id").Select(a => a.Value).ToArray();
        Assert.Equal(names.Distinct(), names);
        Assert.All(page.Descendants().Attributes("href"), a => Assert.Contains(a.Value[1..], names));
    }

    [Fact]
    public void A_model_of_a_file_gives_a_report_that_says_what_it_does_not_know()
    {
        var path = Path.Combine(pipeline.Folder, "model.zip");
        pipeline.ML.Model.Save(pipeline.Model, pipeline.View().Schema, path);
        var model = pipeline.ML.Model.Load(path, out _);
        var text = Page(PruningReport.Create(model, pipeline.View())).Value;
        Assert.Contains("The budget was 50 % of the FLOPs and 60 % of the parameters.", text);
        Assert.Contains("There are no curves", text);
        Assert.DoesNotContain("Against uniform widths", text);
        // What the process still has may stand in for what the file has not.
        var options = new PruningReportOptions { Search = pipeline.Search };
        Assert.Contains("✓ met", Page(PruningReport.Create(model, null, options)).Value);
    }

    [Fact]
    public void Predicted_and_measured_times_stand_beside_each_other()
    {
        var table = Budgets.HandMadeTable.Of(pipeline.Search.Network, (i, o) => i + o, 1);
        var measured = new MeasuredLatency("engine <x>", 0.25, 0.5);
        var options = new PruningReportOptions { LatencyTable = table, MeasuredLatency = measured };
        var rows = Rows(Page(PruningReport.Create(pipeline.Model, null, options)), "Time of one run").Skip(1).ToArray();
        var expected = table.MillisecondsOf(pipeline.Search.Network, pipeline.Network.ChannelConfig.WidthsFor(pipeline.Search.Network));
        Assert.StartsWith(expected.ToString(expected < 10 ? "0.000" : "0.0", CultureInfo.InvariantCulture), rows[0][2]);
        Assert.Equal(["measured: engine <x>", "0.500 ms", "0.250 ms", "50.0 %"], rows[1]);
    }

    [Fact]
    public void A_report_that_cannot_be_written_leaves_what_was_there()
    {
        var report = PruningReport.Create(pipeline.Model);
        var path = Path.Combine(pipeline.Folder, "report.html");
        report.Save(path);
        Assert.Equal(report.ToHtml(), File.ReadAllText(path));
        Assert.Throws<IOException>(() => report.Save(pipeline.Folder));
        if (!Directory.Exists("/proc/self/fd"))
            return;
        // No file can be made there, as on a full disk; not even by root.
        Assert.ThrowsAny<IOException>(() => report.Save("/proc/self/fd/report.html"));
    }

    internal static XElement Page(PruningReport report) => Page(report.ToHtml());

    /// <summary>A page as XML, which it is too.</summary>
    internal static XElement Page(string html)
    {
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", html);
        return XElement.Parse(html[html.IndexOf('\n', StringComparison.Ordinal)..]);
    }

    /// <summary>The cells of the table whose caption begins so.</summary>
    internal static IReadOnlyList<string[]> Rows(XElement page, string caption) =>
        page.Descendants("table").Single(t => t.Element("caption")!.Value.StartsWith(caption, StringComparison.Ordinal))
            .Descendants("tr").Select(row => row.Elements().Select(cell => cell.Value).ToArray()).ToArray();

    private static string Source(ImageFile file) =>
        $"{file.Label}/{Path.GetFileName(file.ImagePath)}".Replace('\u0007', '\uFFFD');

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
