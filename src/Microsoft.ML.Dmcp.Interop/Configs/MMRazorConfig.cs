using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Dmcp.Interop.Configs;

/// <summary>
/// MMRazor's channel units: a unit is a channel group, named by its first layer, the channels of it and their number, and has a choice, the
/// number of channels that stay.
/// </summary>
internal static partial class MMRazorConfig
{
    private const string Tool = "mmrazor";

    public static ChannelConfig Read(byte[] bytes, NetworkDescription network)
    {
        var layers = PeerLayers.Of(network).ToDictionary(l => l.MMRazor, l => l.Index);
        var widths = new TiedWidths(network);
        try
        {
            using var json = JsonDocument.Parse(bytes);
            foreach (var unit in Units(json.RootElement).EnumerateObject())
            {
                var name = UnitName().Match(unit.Name).Groups["layer"].Value;
                if (!layers.TryGetValue(name, out var layer))
                    throw Wrong(unit, $"network '{network.Name}' has no such unit");
                var channels = network.Shapes[layer].Channels;
                if (unit.Name != NameOf(name, channels))
                    throw Wrong(unit, $"layer '{network.Layers[layer].Name}' of network '{network.Name}' has {channels} channels");
                // MMRazor keeps all channels of a unit where the choice is larger, as in its own DMCP_MBV2_100M.json.
                widths.Output(layer, Math.Min(Choice(unit), channels));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"It is no JSON: {e.Message}", e);
        }
        return widths.ToConfig(Tool);
    }

    public static byte[] Write(NetworkDescription network, int[] widths)
    {
        var names = PeerLayers.Of(network).ToDictionary(l => network.Layers[l.Index].Name, l => l.MMRazor);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("type", "DMCPChannelMutator");
            json.WriteStartObject("channel_unit_cfg");
            json.WriteString("type", "DMCPChannelUnit");
            json.WriteStartObject("default_args");
            json.WriteString("choice_mode", "number");
            json.WriteEndObject();
            json.WriteStartObject("units");
            foreach (var group in network.Groups)
                WriteUnit(json, NameOf(names[group.Name], group.Channels), group.Channels, widths[group.Index]);
            json.WriteEndObject();
            json.WriteEndObject();
            WriteTracer(json, network.Input);
            json.WriteEndObject();
        }
        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    // A mutator's config, only its units, or only their choices.
    private static JsonElement Units(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new FormatException("It is no JSON object of channel units.");
        if (!root.TryGetProperty("channel_unit_cfg", out var config))
            return root;
        return config.ValueKind == JsonValueKind.Object && config.TryGetProperty("units", out var units)
            && units.ValueKind == JsonValueKind.Object ? units : throw new FormatException("Its 'channel_unit_cfg' has no 'units' object.");
    }

    private static int Choice(JsonProperty unit)
    {
        var choice = unit.Value;
        if (choice.ValueKind == JsonValueKind.Object && !choice.TryGetProperty("choice", out choice))
            throw Wrong(unit, "it has no 'choice'");
        return choice.ValueKind == JsonValueKind.Number && choice.TryGetInt32(out var channels) ? channels
            : throw Wrong(unit, "its choice is no integer; needed is a number of channels (choice_mode 'number')");
    }

    private static void WriteUnit(Utf8JsonWriter json, string name, int channels, int width)
    {
        json.WriteStartObject(name);
        json.WriteStartObject("init_args");
        json.WriteNumber("num_channels", channels);
        json.WriteString("choice_mode", "number");
        json.WriteNumber("divisor", 1);
        json.WriteNumber("min_value", 1);
        json.WriteNumber("min_ratio", 0.5);
        json.WriteEndObject();
        json.WriteNumber("choice", width);
        json.WriteEndObject();
    }

    // How MMRazor finds the channels of a unit: it runs the network on an image of this size.
    private static void WriteTracer(Utf8JsonWriter json, InputLayer input)
    {
        json.WriteStartObject("parse_cfg");
        json.WriteString("type", "ChannelAnalyzer");
        json.WriteStartArray("demo_input");
        foreach (var dim in (int[])[1, input.Channels, input.Height, input.Width])
            json.WriteNumberValue(dim);
        json.WriteEndArray();
        json.WriteString("tracer_type", "BackwardTracer");
        json.WriteEndObject();
    }

    private static string NameOf(string layer, int channels) => FormattableString.Invariant($"{layer}_(0, {channels})_{channels}");

    private static FormatException Wrong(JsonProperty unit, string why) =>
        new($"Its unit '{(unit.Name.Length > 80 ? unit.Name[..80] + "..." : unit.Name)}' cannot be read: {why}.");

    [GeneratedRegex(@"^(?<layer>.+)_\(\d{1,9}, \d{1,9}\)_\d{1,9}$")]
    private static partial Regex UnitName();
}
