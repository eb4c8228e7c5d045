using System.Globalization;
using System.Text;

namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>Values as Python writes them.</summary>
internal static class PythonText
{
    /// <summary>A text in quotes; whatever is no letter, digit or plain sign is escaped.</summary>
    public static string Of(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
            if (Rune.IsLetterOrDigit(rune) || (rune.Value is >= ' ' and <= '~' && rune.Value is not ('"' or '\\')))
                quoted.Append(rune);
            else
                quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
        return quoted.Append('"').ToString();
    }

    /// <summary>A list of numbers.</summary>
    public static string Of(IEnumerable<float> numbers) =>
        $"[{string.Join(", ", numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)))}]";
}
