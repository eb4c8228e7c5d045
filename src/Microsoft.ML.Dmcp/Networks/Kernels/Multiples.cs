namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>How work is cut into units.</summary>
internal static class Multiples
{
    /// <summary>Units that hold a number, the last one perhaps in part.</summary>
    public static nint Units(nint number, nint unit) => (number + unit - 1) / unit;

    /// <summary>A number, or the next multiple of a unit.</summary>
    public static nint PaddedTo(nint number, nint unit) => Units(number, unit) * unit;

    /// <summary>One of several parts, alike but for one unit, of a number that is a multiple of it.</summary>
    public static (nint First, nint End) Part(nint number, nint unit, nint part, nint parts) =>
        (number / unit * part / parts * unit, number / unit * (part + 1) / parts * unit);
}
