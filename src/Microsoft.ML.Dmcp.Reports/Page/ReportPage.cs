using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using Microsoft.ML.Dmcp.Reports.Evaluations;
using Microsoft.ML.Dmcp.Reports.Sections;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Reports.Page;

/// <summary>The page of a report: its sections one after another.</summary>
internal static class ReportPage
{
    public static string Of(PrunedRun run, HeldOutResult? evaluation, PruningReportOptions options)
    {
        var title = options.Title ?? $"{run.Config.Network}, pruned by {run.Config.Method.Name}";
        XElement[] sections =
        [
            SummarySection.Of(run, evaluation, options),
            WidthSection.Of(run),
            CurveSection.Of(run),
            .. BaselineSection.Of(run),
            .. evaluation is null ? [] : ConfusionSection.Of(evaluation),
            .. evaluation is null ? [] : ErrorSection.Of(evaluation),
            .. LatencySection.Of(run, options),
            LoadingSection.Of(run, options),
            SettingSection.Of(run),
        ];
        return Html.Document(title, Style(),
            new XElement("header",
                new XElement("h1", title),
                Html.Note($"{run.Config.ImageWidth}x{run.Config.ImageHeight} pixels, {Numbers.Whole(run.Config.Classes)} classes"),
                new XElement("nav", new XAttribute("aria-label", "Sections"), sections.Select(LinkTo))),
            new XElement("main", sections),
            new XElement("footer", Versions()));
    }

    /// <summary>The page of a table and a plot.</summary>
    public static string Of(string title, params IEnumerable<object> content) => Html.Document(title, Style(),
        new XElement("header", new XElement("h1", title)), new XElement("main", content), new XElement("footer", Versions()));

    /// <summary>Writes a page to a file, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written; what it held before is unchanged.</exception>
    public static void Write(string path, string html) => DurableFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.Write(html);
    });

    private static XElement LinkTo(XElement section) =>
        new("a", new XAttribute("href", $"#{section.Attribute("id")!.Value}"), section.Element("h2")!.Value);

    private static string Versions()
    {
        var date = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return $"Made {date} UTC by Microsoft.ML.Dmcp {VersionOf(typeof(DmcpCatalog))}, Microsoft.ML {VersionOf(typeof(MLContext))}, " +
            $"TorchSharp {VersionOf(typeof(global::TorchSharp.torch))}, {RuntimeInformation.FrameworkDescription}, " +
            $"{RuntimeInformation.OSDescription} ({RuntimeInformation.OSArchitecture}).";
    }

    // What stands behind the plus is the commit.
    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "?";

    private static string Style()
    {
        using var reader = new StreamReader(typeof(ReportPage).Assembly.GetManifestResourceStream("page.css")!);
        return reader.ReadToEnd();
    }
}
