using System.Text.RegularExpressions;

namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>Messages of the library, which name options of C#, in the words of the line.</summary>
/// <param name="names">What the line calls the options; empty where it has none, so that advice that names one is left out.</param>
internal sealed partial class LibraryText(IReadOnlyDictionary<string, string> names)
{
    [GeneratedRegex(@"\b[A-Z][a-z]+[A-Z][A-Za-z]+\b", RegexOptions.CultureInvariant)]
    private static partial Regex Name { get; }

    // What a semicolon sets off, up to the end of the sentence.
    [GeneratedRegex(@"; [^;]*?(?=\.( |$))", RegexOptions.CultureInvariant)]
    private static partial Regex Aside { get; }

    /// <summary>The message; names that nobody spoke of stay.</summary>
    public string Of(string message)
    {
        var usable = Aside.Replace(message, aside => Name.Matches(aside.Value).Any(IsWithout) ? "" : aside.Value);
        return Name.Replace(usable, match => IsWithout(match) ? match.Value : names.GetValueOrDefault(match.Value, match.Value));
    }

    private bool IsWithout(Match match) => names.GetValueOrDefault(match.Value) == "";
}
