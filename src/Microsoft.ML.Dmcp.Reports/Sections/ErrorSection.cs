using System.Xml.Linq;
using Microsoft.ML.Dmcp.Reports.Evaluations;
using Microsoft.ML.Dmcp.Reports.Page;

namespace Microsoft.ML.Dmcp.Reports.Sections;

/// <summary>The images that the network is most wrong about, as it sees them: often mislabelled ones are among them.</summary>
internal static class ErrorSection
{
    public static IReadOnlyList<XElement> Of(HeldOutResult evaluation) => evaluation.Errors.Count == 0 ? [] :
    [
        Html.Section("errors", "Most confident errors",
            new XElement("p", "The images that the network is surest about and wrong, as it sees them. " +
                "Look for wrong labels first, then for what they have in common."),
            new XElement("ul", new XAttribute("class", "errors"),
                evaluation.Errors.Select(error => new XElement("li", Picture(evaluation.ClassNames, error))))),
    ];

    private static XElement Picture(IReadOnlyList<string> names, ConfidentError error)
    {
        var (label, predicted) = (names[error.Label], names[error.Predicted]);
        return new XElement("figure",
            new XElement("img",
                new XAttribute("src", Thumbnail.DataUri(error.Image)),
                Thumbnail.IsSmall(error.Image.Shape) ? new XAttribute("class", "small") : null,
                new XAttribute("alt", $"{error.Source}: {label}, taken for {predicted}")),
            new XElement("figcaption",
                new XElement("strong", label), " taken for ", new XElement("strong", predicted),
                $" ({Numbers.Percent(error.Probability)}) ",
                new XElement("span", new XAttribute("class", "source"), error.Source)));
    }
}
