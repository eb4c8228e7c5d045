using System.Globalization;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>
/// The widths that a result may have: multiples of one number, as fast kernels want them. A group with fewer channels than that keeps all.
/// </summary>
internal sealed class AllowedWidths
{
    /// <summary>Name of the setting that holds the number; there is none where it is 1.</summary>
    public const string Setting = "widthMultiple";

    /// <param name="network">The unpruned network.</param>
    /// <param name="multiple">What widths are multiples of; 1 for all widths.</param>
    /// <param name="narrowest">The narrowest widths that the search can find; null for one channel a group.</param>
    public AllowedWidths(NetworkDescription network, int multiple = 1, IReadOnlyList<int>? narrowest = null)
    {
        Multiple = multiple;
        Widest = network.FullWidths.Select(w => w < multiple ? w : w / multiple * multiple).ToArray();
        Narrowest = Widest.Select((widest, g) => (int)Math.Min(widest, Above(narrowest?[g] ?? 1))).ToArray();
    }

    /// <summary>What widths are multiples of.</summary>
    public int Multiple { get; }

    /// <summary>The narrowest widths.</summary>
    public int[] Narrowest { get; }

    /// <summary>The widest widths.</summary>
    public int[] Widest { get; }

    /// <summary>Takes the number from the settings of a channel config.</summary>
    public static int MultipleIn(IReadOnlyDictionary<string, string> settings) =>
        int.TryParse(settings.GetValueOrDefault(Setting), CultureInfo.InvariantCulture, out var multiple) && multiple > 0 ? multiple : 1;

    /// <summary>The nearest allowed widths; halves fall, as in the release's <c>round(e − 1e-4)</c>.</summary>
    public int[] Round(IEnumerable<double> widths) =>
        widths.Select((w, g) => (int)Math.Clamp(Math.Round((w - 1e-4) / Multiple) * Multiple, Narrowest[g], Widest[g])).ToArray();

    /// <inheritdoc cref="Round(IEnumerable{double})"/>
    public int[] Round(IEnumerable<int> widths) => Round(widths.Select(w => (double)w));

    /// <summary>The width of a group that is narrower by so many channels, or a little more; never below the narrowest.</summary>
    public int Narrower(int group, int width, int channels) => (int)Math.Max(Narrowest[group], width - Above(channels));

    private long Above(int width) => (width - 1L + Multiple) / Multiple * Multiple;
}
