namespace Dmcp.Quickstart;

/// <summary>Where a share lies that was measured on a sample.</summary>
internal readonly record struct Interval(double Low, double High)
{
    /// <summary>Wilson's 95 % interval (1927): the shares under which the measured one would not be unusual.</summary>
    /// <param name="share">The measured share.</param>
    /// <param name="count">Of how many.</param>
    public static Interval Wilson(double share, int count)
    {
        const double z = 1.959964;
        var centre = (share + z * z / (2 * count)) / (1 + z * z / count);
        var half = z / (1 + z * z / count) * Math.Sqrt(share * (1 - share) / count + z * z / (4.0 * count * count));
        return new Interval(Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
