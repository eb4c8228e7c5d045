using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Dmcp.Interop.Configs;

/// <summary>Nothing but widths, as text.</summary>
internal static partial class WidthList
{
    private const string Tool = "widths";

    public static ChannelConfig Read(byte[] bytes, NetworkDescription network)
    {
        var numbers = Numbers(new StreamReader(new MemoryStream(bytes), Encoding.UTF8).ReadToEnd().Trim());
        var layers = network.Groups.SelectMany(g => g.Layers).ToHashSet();
        var byLayers = Enumerable.Range(0, network.Layers.Count).Where(i => layers.Contains(network.Layers[i].Name)).ToArray();
        var first = network.Groups.Select(g => Array.FindIndex(byLayers, i => network.Layers[i].Name == g.Name)).ToArray();
        var order = numbers.Length == network.Groups.Count ? first.Select(i => byLayers[i]).ToArray()
            : numbers.Length == byLayers.Length ? byLayers
            : throw new FormatException($"It has {numbers.Length} widths; network '{network.Name}' has {network.Groups.Count} " +
                $"channel groups and {byLayers.Length} layers that can be pruned.");
        var widths = new TiedWidths(network);
        foreach (var (layer, width) in order.Zip(numbers))
            widths.Output(layer, width);
        return widths.ToConfig(Tool);
    }

    public static byte[] Write(IEnumerable<int> widths) =>
        Encoding.UTF8.GetBytes($"[{string.Join(", ", widths.Select(w => w.ToString(CultureInfo.InvariantCulture)))}]\n");

    private static int[] Numbers(string text)
    {
        if (!text.StartsWith('['))
            return Separator().Split(text).Select(Number).ToArray();
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.EnumerateArray().Select(e => e.GetRawText()).Select(Number).ToArray();
        }
        catch (JsonException e)
        {
            throw new FormatException($"It is no JSON array: {e.Message}", e);
        }
    }

    private static int Number(string text, int place) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : throw new FormatException(
                $"Its width {place + 1} is '{(text.Length > 40 ? text[..40] + "..." : text)}'; needed is an integer.");

    [GeneratedRegex(@"\s*,\s*|\s+")]
    private static partial Regex Separator();
}
