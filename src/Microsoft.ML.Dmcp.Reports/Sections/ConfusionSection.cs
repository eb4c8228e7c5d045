using System.Globalization;
using System.Xml.Linq;
using Microsoft.ML.Dmcp.Reports.Evaluations;
using Microsoft.ML.Dmcp.Reports.Page;

namespace Microsoft.ML.Dmcp.Reports.Sections;

/// <summary>Which classes are taken for which: the whole matrix where it can be read, the most confused pairs always.</summary>
internal static class ConfusionSection
{
    /// <summary>More classes than these are shown by their most confused pairs alone.</summary>
    public const int MostClassesOfMatrix = 20;

    private const int MostPairs = 20, MostClasses = 100, WorstClasses = 20, LongestName = 24;

    public static IReadOnlyList<XElement> Of(HeldOutResult evaluation) =>
    [
        Html.Section("accuracy", "Accuracy by class",
            Html.Table("On the held-out images", ["figure", "value"],
            [
                ["accuracy", Numbers.Percent(evaluation.Accuracy)],
                ["mean accuracy of the classes", Numbers.Percent(evaluation.MeanClassAccuracy)],
                .. evaluation.ClassNames.Count > 5
                    ? [["class among the five likeliest", Numbers.Percent((double)evaluation.InTopFive / evaluation.Images)]]
                    : (object[][])[],
                ["mean cross entropy", Numbers.Short(evaluation.LogLoss)],
            ]),
            evaluation.ClassNames.Count <= MostClassesOfMatrix ? Matrix(evaluation) : null,
            Pairs(evaluation),
            Classes(evaluation)),
    ];

    private static XElement Matrix(HeldOutResult evaluation)
    {
        var classes = evaluation.Classes;
        const string caption = "Confusion matrix: a row for every class, a column for what its images are taken for";
        return Html.Scrolling(caption, new XElement("table", new XAttribute("class", "confusion"),
            new XElement("caption", caption),
            new XElement("thead", new XElement("tr",
                new XElement("td", new XAttribute("style", "--share:0")),
                classes.Select(c => Heading("col", c, new XElement("span", new XAttribute("class", "turned"), Shortened(c.Name)))))),
            new XElement("tbody", classes.Select(row => new XElement("tr",
                Heading("row", row, Shortened(row.Name)),
                classes.Select(column => Cell(evaluation, row, column)))))));
    }

    private static XElement Heading(string scope, ClassResult of, object content) =>
        new("th", new XAttribute("scope", scope), new XAttribute("title", of.Name), content);

    private static XElement Cell(HeldOutResult evaluation, ClassResult row, ClassResult column)
    {
        var count = evaluation.Counts.GetValueOrDefault((row.Index, column.Index));
        var share = row.Images == 0 ? 0 : (double)count / row.Images;
        return new XElement("td",
            new XAttribute("style", string.Create(CultureInfo.InvariantCulture, $"--share:{share:0.###}")),
            row == column ? new XAttribute("class", "right") : null,
            count == 0 ? "" : Numbers.Whole(count));
    }

    private static object Pairs(HeldOutResult evaluation)
    {
        var pairs = evaluation.Counts.Where(c => c.Key.Label != c.Key.Predicted)
            .OrderByDescending(c => c.Value).ThenBy(c => c.Key.Label).ThenBy(c => c.Key.Predicted).ToArray();
        return pairs.Length == 0
            ? new XElement("p", "No image is taken for another class.")
            : Html.Table(
                pairs.Length > MostPairs ? $"The {MostPairs} most confused of {Numbers.Whole(pairs.Length)} pairs" : "Confused pairs",
                ["class, and what it is taken for", "images", "of the class"],
                pairs.Take(MostPairs).Select(p => (object[])
                [
                    $"{evaluation.ClassNames[p.Key.Label]} → {evaluation.ClassNames[p.Key.Predicted]}", Numbers.Whole(p.Value),
                    Numbers.Percent((double)p.Value / evaluation.Classes[p.Key.Label].Images),
                ]));
    }

    private static XElement Classes(HeldOutResult evaluation)
    {
        var all = evaluation.Classes.Count <= MostClasses;
        var shown = all
            ? evaluation.Classes
            : evaluation.Classes.Where(c => c.Images > 0).OrderBy(c => c.Recall).ThenBy(c => c.Index).Take(WorstClasses);
        var caption = all ? "Every class"
            : $"The {WorstClasses} classes of {Numbers.Whole(evaluation.Classes.Count)} that are recognized worst";
        return Html.Details(caption, Html.Table(
            $"{caption}: how many of its images are recognized, and how many images taken for it are of it",
            ["class", "images", "recognized", "taken for it", "of these right"],
            shown.Select(c => (object[])
            [
                c.Name, Numbers.Whole(c.Images), Numbers.Percent(c.Recall), Numbers.Whole(c.Predicted), Numbers.Percent(c.Precision),
            ])));
    }

    private static string Shortened(string name)
    {
        var letters = new StringInfo(name);
        return letters.LengthInTextElements <= LongestName ? name : letters.SubstringByTextElements(0, LongestName - 1) + "…";
    }
}
