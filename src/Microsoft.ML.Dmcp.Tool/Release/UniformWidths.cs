namespace Microsoft.ML.Dmcp.Tool.Release;

/// <summary>One width for all groups, as the release evaluates them: rounded to multiples of 8.</summary>
internal static class UniformWidths
{
    private const int Divisor = 8;
    private const double LeastKept = 0.9;

    /// <summary>Widths of all groups.</summary>
    /// <param name="network">The unpruned network.</param>
    /// <param name="width">Multiplier.</param>
    /// <param name="widest">Multiplier of the unpruned network.</param>
    public static ChannelConfig Of(NetworkDescription network, double width, double widest)
    {
        var method = new SearchMethod("uniform", new Dictionary<string, string>());
        int[] widths =
            [.. network.Groups.Select(g => width == widest ? g.Channels : Math.Min(g.Channels, Rounded(g.Channels * width / widest)))];
        return ChannelConfig.Of(network, widths, method);
    }

    /// <summary>The nearest multiple of 8 that is not more than a tenth below, as MobileNet's authors round.</summary>
    private static int Rounded(double channels)
    {
        var rounded = Math.Max(Divisor, (int)(channels + Divisor / 2) / Divisor * Divisor);
        return rounded < LeastKept * channels ? rounded + Divisor : rounded;
    }
}
