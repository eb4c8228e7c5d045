using System.Globalization;

namespace Microsoft.ML.Dmcp.Reports.Page;

/// <summary>Numbers as text, the same in every culture.</summary>
internal static class Numbers
{
    /// <summary>A share in per cent; a dash where there is none.</summary>
    public static string Percent(double share) =>
        double.IsFinite(share) ? (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "–";

    /// <summary>A whole number with groups of digits.</summary>
    public static string Whole(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A number with up to four digits behind the point; a dash where there is none.</summary>
    public static string Short(double? number) =>
        number is { } n && double.IsFinite(n) ? n.ToString("#,0.####", CultureInfo.InvariantCulture) : "–";

    /// <summary>A time.</summary>
    public static string Milliseconds(double milliseconds) =>
        milliseconds.ToString(milliseconds < 10 ? "0.000" : "#,0.0", CultureInfo.InvariantCulture) + " ms";

    /// <summary>How many of something.</summary>
    public static string Count(long number, string one, string many) => $"{Whole(number)} {(number == 1 ? one : many)}";
}
