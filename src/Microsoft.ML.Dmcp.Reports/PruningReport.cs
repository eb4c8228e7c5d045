using Microsoft.ML.Dmcp.Estimators;
using Microsoft.ML.Dmcp.Reports;
using Microsoft.ML.Dmcp.Reports.Evaluations;
using Microsoft.ML.Dmcp.Reports.Page;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// A report about a pruned network and the search that it came from, as one HTML file that needs nothing else: neither network nor scripts.
/// </summary>
/// <example><code>
/// var report = PruningReport.Create(model, heldOut);      // a pipeline with DmcpSearch and PrunedRetrain, and rows as it reads them
/// report.Save("report.html");
/// </code></example>
public sealed class PruningReport
{
    private readonly string _html;

    private PruningReport(string html, double? accuracy) => (_html, Accuracy) = (html, accuracy);

    /// <summary>Share of the held-out images that are classified correctly; null where there are none.</summary>
    public double? Accuracy { get; }

    /// <summary>
    /// Makes the report. Curves, budget and comparison are those of the process that trained the model: model files do not keep them.
    /// </summary>
    /// <param name="model">A fitted pipeline with <c>PrunedRetrain</c>, or its last transformer alone.</param>
    /// <param name="heldOut">
    /// Labelled images that were not trained on, as the model reads them; read once, and the pictures of errors again. Null for a report
    /// without accuracy and errors.
    /// </param>
    /// <param name="options">Title, search, latency, names of files; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">
    /// The model has no pruned network, or no held-out row has an image that can be read and a class of the network.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The search of the options is of another network, or a latency table lacks a layer of this one.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type, or an option out of its range.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled by its token.</exception>
    public static PruningReport Create(ITransformer model, IDataView? heldOut = null, PruningReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new PruningReportOptions();
        options.Check();
        var network = ModelParts.PrunedNetworkOf(model);
        var run = PrunedRun.Of(model, network, options);
        var evaluation = heldOut is null ? null : new HeldOutReader(model, network, options).Read(heldOut);
        return new PruningReport(ReportPage.Of(run, evaluation, options), evaluation?.Accuracy);
    }

    /// <summary>The page.</summary>
    public string ToHtml() => _html;

    /// <summary>Writes the page to a file, whole or not at all: under a temporary name first, renamed once on disk.</summary>
    /// <param name="path">The file, such as <c>report.html</c>; replaced if it exists.</param>
    /// <exception cref="IOException">It cannot be written; what it held before is unchanged.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ReportPage.Write(path, _html);
    }
}
