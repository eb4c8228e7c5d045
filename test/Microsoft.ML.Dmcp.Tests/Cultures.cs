using System.Globalization;

namespace Microsoft.ML.Dmcp.Tests;

/// <summary>Cultures that are made here: the tests may run where the invariant one alone is installed.</summary>
internal static class Cultures
{
    /// <summary>A culture that writes 1,5 for one and a half.</summary>
    public static CultureInfo WithComma()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "~";
        return culture;
    }
}
