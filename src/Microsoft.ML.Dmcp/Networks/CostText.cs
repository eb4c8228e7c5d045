using System.Globalization;

namespace Microsoft.ML.Dmcp.Networks;

/// <summary>Costs as text, the same in every culture.</summary>
internal static class CostText
{
    /// <summary>A cost in millions, with digits enough for a small network.</summary>
    public static string Millions(long cost) => Millions(cost, cost);

    /// <summary>A cost in millions with as many digits behind the point as another one, with which it stands in a column.</summary>
    /// <param name="cost">The cost.</param>
    /// <param name="largest">The largest cost of the column.</param>
    public static string Millions(long cost, long largest) => (cost / 1e6).ToString(largest switch
    {
        >= 1_000_000_000 => "0.0",
        >= 100_000_000 => "0.00",
        >= 1_000_000 => "0.000",
        _ => "0.0000",
    }, CultureInfo.InvariantCulture);

    /// <summary>A part of a whole in per cent.</summary>
    public static string Share(long part, long whole) =>
        whole == 0 ? "-" : ((double)part / whole * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
