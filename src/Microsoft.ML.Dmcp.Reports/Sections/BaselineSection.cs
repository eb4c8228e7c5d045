using System.Xml.Linq;
using Microsoft.ML.Dmcp.Reports.Page;

namespace Microsoft.ML.Dmcp.Reports.Sections;

/// <summary>Whether the search was worth its time: what it found against uniform widths.</summary>
internal static class BaselineSection
{
    public static IReadOnlyList<XElement> Of(PrunedRun run)
    {
        if (run.Search?.Comparison is not { } comparison)
            return [];
        var noise = 2 * comparison.StandardError;
        var verdict = Math.Abs(comparison.Found - comparison.Uniform) <= noise
            ? "They are the same within the noise."
            : $"The found widths are {(comparison.Found > comparison.Uniform ? "better" : "worse")} beyond the noise.";
        return
        [
            Html.Section("baseline", "Against uniform widths",
                new XElement("p", "All groups narrowed by one factor within the same budget, both with the weights of the search, " +
                    $"before any training of their own, on {Numbers.Count(comparison.Images, "image", "images")} " +
                    (comparison.ArePutAside ? "that were put aside." : "of the training.")),
                Html.Table("Accuracy with the weights of the search", ["widths", "accuracy"],
                [
                    ["found", Numbers.Percent(comparison.Found)],
                    ["uniform", Numbers.Percent(comparison.Uniform)],
                    ["difference", $"{Points(comparison.Found - comparison.Uniform)} ± {Points(noise)} points"],
                ]),
                new XElement("p", verdict + (comparison.KeptUniform ? " The uniform widths were trained." : ""))),
        ];
    }

    private static string Points(double share) => (100 * share).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);
}
