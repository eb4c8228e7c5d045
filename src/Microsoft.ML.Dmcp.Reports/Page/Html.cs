using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Microsoft.ML.Dmcp.Reports.Page;

/// <summary>Elements of a page. Whatever text goes into them is text and nothing else: LINQ to XML escapes it.</summary>
internal static class Html
{
    /// <summary>A section with a heading that links lead to.</summary>
    public static XElement Section(string id, string heading, params IEnumerable<object?> content) =>
        new("section", new XAttribute("id", id), new XElement("h2", heading), content);

    /// <summary>A paragraph of a class that page.css knows.</summary>
    public static XElement Note(params IEnumerable<object?> content) => new("p", new XAttribute("class", "note"), content);

    /// <summary>
    /// A table that scrolls for itself where it is wider than the page. The first cell of a row is its heading; the others are numbers.
    /// </summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="header">Headings of the columns.</param>
    /// <param name="rows">Cells of every row: text or elements.</param>
    public static XElement Table(string caption, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<object>> rows) =>
        Scrolling(caption, new XElement("table",
            new XElement("caption", caption),
            new XElement("thead", new XElement("tr", header.Select(h => new XElement("th", new XAttribute("scope", "col"), h)))),
            new XElement("tbody", rows.Select(row => new XElement("tr",
                new XElement("th", new XAttribute("scope", "row"), row[0]),
                row.Skip(1).Select(cell => new XElement("td", cell)))))));

    /// <summary>What scrolls to the side where it is wider than the page, by keys too.</summary>
    public static XElement Scrolling(string name, XElement content) => new("div",
        new XAttribute("class", "scroll"), new XAttribute("tabindex", 0), new XAttribute("role", "region"),
        new XAttribute("aria-label", name), content);

    /// <summary>What is folded away until someone opens it; no script is needed.</summary>
    public static XElement Details(string summary, params IEnumerable<object?> content) =>
        new("details", new XElement("summary", summary), content);

    /// <summary>A picture with its name and a text above it.</summary>
    public static XElement Figure(string name, string caption, XElement picture) =>
        new("figure", new XElement("figcaption", new XElement("strong", name), $": {caption}"), picture);

    /// <summary>Lines of a program.</summary>
    public static XElement Code(string language, string lines) => new("pre",
        new XAttribute("tabindex", 0), new XAttribute("aria-label", language), new XElement("code", lines));

    /// <summary>A whole page as text.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="style">Its style sheet, without characters that HTML or XML would take for markup.</param>
    /// <param name="body">Its content.</param>
    public static string Document(string title, string style, params IEnumerable<object?> body)
    {
        var html = new XElement("html", new XAttribute("lang", "en"),
            new XElement("head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("meta", new XAttribute("name", "color-scheme"), new XAttribute("content", "light dark")),
                // Nothing is loaded and nothing runs, whatever names the page shows.
                new XElement("meta", new XAttribute("http-equiv", "Content-Security-Policy"),
                    new XAttribute("content", "default-src 'none'; img-src data:; style-src 'unsafe-inline'")),
                new XElement("title", title),
                new XElement("style", style)),
            new XElement("body", body));
        Clean(html);
        return $"<!DOCTYPE html>\n{html.ToString(SaveOptions.DisableFormatting)}\n";
    }

    /// <summary>Replaces characters that neither XML nor HTML may have, as file names do.</summary>
    private static void Clean(XElement root)
    {
        foreach (var text in root.DescendantNodes().OfType<XText>())
            text.Value = Clean(text.Value);
        foreach (var attribute in root.DescendantsAndSelf().Attributes().Where(a => !a.IsNamespaceDeclaration))
            attribute.Value = Clean(attribute.Value);
        // <td/> is a beginning without an end in HTML.
        foreach (var element in root.Descendants().Where(e => e.IsEmpty && e.Name.Namespace == XNamespace.None
            && e.Name.LocalName is not ("meta" or "img" or "br")))
            element.Value = "";
    }

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString());
        return clean.ToString();
    }
}
