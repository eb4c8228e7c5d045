using System.Xml.Linq;
using Microsoft.ML.Dmcp.Reports.Page;
using Microsoft.ML.Dmcp.Reports.Plots;
using OxyPlot.Axes;

namespace Microsoft.ML.Dmcp;

/// <summary>What accuracy costs: networks of several budgets, as a plot and a table in one HTML file that needs nothing else.</summary>
public sealed class SweepReport
{
    private readonly string _html;

    private SweepReport(string html) => _html = html;

    /// <summary>Makes the report.</summary>
    /// <param name="title">Title of the page.</param>
    /// <param name="pruned">The pruned networks.</param>
    /// <param name="unpruned">What they are compared with; null for nothing.</param>
    /// <exception cref="ArgumentException">There is no network, or one with a figure that cannot be; the message names it.</exception>
    public static SweepReport Create(string title, IReadOnlyList<SweepPoint> pruned, SweepPoint? unpruned = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentNullException.ThrowIfNull(pruned);
        if (pruned.Count == 0)
            throw new ArgumentException("There is no network to report on.", nameof(pruned));
        SweepPoint[] all = unpruned is null ? [.. pruned] : [.. pruned, unpruned];
        if (all.FirstOrDefault(p => !IsPossible(p)) is { } wrong)
            throw new ArgumentException($"The figures of '{wrong.Name}' cannot be: {wrong}.", nameof(pruned));
        var sorted = pruned.OrderBy(p => p.MFlops).ToArray();
        var curves = new List<Curve> { new("pruned", sorted.Select(Point).ToArray()) };
        if (unpruned is not null)
            curves.Add(new Curve("unpruned", [Point(unpruned)]));
        var description = $"Accuracy over MFLOPs: {string.Join(", ", all.Select(p => $"{p.Name} {Numbers.Percent(p.Accuracy)}"))}.";
        var plot = CurvePlot.Draw("plot-sweep", Plot.Numbers(AxisPosition.Bottom, "MFLOPs"), description, curves);
        return new SweepReport(ReportPage.Of(title,
            Html.Figure("Accuracy in %", "held-out images that are classified correctly, over the multiply-adds of one image.", plot),
            Table(all)));
    }

    /// <summary>The page.</summary>
    public string ToHtml() => _html;

    /// <summary>Writes the page to a file, whole or not at all.</summary>
    /// <param name="path">The file, such as <c>sweep.html</c>; replaced if it exists.</param>
    /// <exception cref="IOException">It cannot be written; what it held before is unchanged.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ReportPage.Write(path, _html);
    }

    private static XElement Table(IReadOnlyList<SweepPoint> points) => Html.Table(
        "Networks", ["network", "MFLOPs", "M parameters", "time", "accuracy", "images"],
        points.Select(p => (object[])
        [
            p.Report is null ? p.Name : new XElement("a", new XAttribute("href", Address(p.Report)), p.Name),
            Numbers.Short(p.MFlops), Numbers.Short(p.MParameters), p.Milliseconds is { } time ? Numbers.Milliseconds(time) : "–",
            Numbers.Percent(p.Accuracy), Numbers.Whole(p.Images),
        ]));

    private static string Address(string path) =>
        string.Join('/', path.Split('/', Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));

    private static (double, double) Point(SweepPoint point) => (point.MFlops, 100 * point.Accuracy);

    private static bool IsPossible(SweepPoint point) => point is
    {
        MFlops: > 0 and < double.PositiveInfinity, MParameters: > 0 and < double.PositiveInfinity, Accuracy: >= 0 and <= 1, Images: >= 0,
        Milliseconds: null or (> 0 and < double.PositiveInfinity),
    };
}
