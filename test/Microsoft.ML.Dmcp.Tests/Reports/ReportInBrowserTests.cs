using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using SkiaSharp;

namespace Microsoft.ML.Dmcp.Tests.Reports;

/// <summary>The report as its readers see it: in Chromium, narrow and wide, light and dark, without a network.</summary>
[Collection(nameof(ReportedPipeline))]
public sealed partial class ReportInBrowserTests(ReportedPipeline pipeline)
{
    [BrowserFact]
    public void A_report_is_drawn_light_and_dark_without_an_error_and_asks_nothing_of_the_network()
    {
        var browser = new Browser(pipeline.Folder);
        var page = Report();
        using var light = SKBitmap.Decode(browser.Photograph(page, 1280, 2400));
        Assert.Empty(browser.Console);
        Assert.Empty(browser.Requests);
        using var dark = SKBitmap.Decode(browser.Photograph(page, 1280, 2400, dark: true));
        Assert.All((SKBitmap[])[light, dark], picture =>
        {
            Assert.Equal((1280, 2400), (picture.Width, picture.Height));
            Assert.True(picture.Pixels.Distinct().Count() > 100, "A page with text, plots and pictures has many shades.");
        });
        Assert.InRange(Brightness(light), 200, 255);
        Assert.InRange(Brightness(dark), 0, 60);
    }

    [BrowserFact]
    public void No_part_of_a_report_is_wider_than_a_telephone_or_a_window()
    {
        var page = Path.Combine(pipeline.Folder, "frames.html");
        var opened = File.ReadAllText(Report()).Replace("<details>", "<details open=\"\">", StringComparison.Ordinal);
        var report = WebUtility.HtmlEncode(opened);
        File.WriteAllText(page, $$"""
            <!DOCTYPE html><meta charset="utf-8">
            <iframe style="width:400px;height:800px;border:0" srcdoc="{{report}}"></iframe>
            <iframe style="width:1280px;height:800px;border:0" srcdoc="{{report}}"></iframe>
            <script>addEventListener("load", () => { for (const frame of document.querySelectorAll("iframe")) {
              const page = frame.contentDocument.documentElement;
              frame.title = [frame.contentWindow.innerWidth, page.scrollWidth, page.scrollHeight].join(" ");
            } })</script>
            """);
        var measured = Measured().Matches(new Browser(pipeline.Folder).Open(page))
            .Select(m => m.Groups[1].Value.Split(' ').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        Assert.Equal([400, 1280], measured.Select(m => m[0]));
        Assert.All(measured, m => Assert.InRange(m[1], 1, m[0]));
        // All of it is there, and the narrow one is the longer one.
        Assert.True(measured[0][2] > measured[1][2] && measured[1][2] > 1000);
    }

    [BrowserFact]
    public void The_check_sees_pages_that_load_from_the_network_or_write_errors()
    {
        var page = Path.Combine(pipeline.Folder, "bad.html");
        File.WriteAllText(page, "<!DOCTYPE html><img src='http://example.invalid/a.png'><script>console.error('wrong')</script>");
        var browser = new Browser(pipeline.Folder);
        browser.Open(page);
        Assert.Equal("http://example.invalid/a.png", Assert.Single(browser.Requests));
        Assert.Contains("wrong", string.Join('\n', browser.Console));
    }

    private string Report()
    {
        var path = Path.Combine(pipeline.Folder, "report.html");
        var options = new PruningReportOptions { MeasuredLatency = new MeasuredLatency("ONNX Runtime", 0.1, 0.2) };
        PruningReport.Create(pipeline.Model, pipeline.View(), options).Save(path);
        return path;
    }

    private static double Brightness(SKBitmap picture) => picture.Pixels.Average(p => (p.Red + p.Green + p.Blue) / 3.0);

    [GeneratedRegex("title=\"(\\d+ \\d+ \\d+)\"")]
    private static partial Regex Measured();
}
