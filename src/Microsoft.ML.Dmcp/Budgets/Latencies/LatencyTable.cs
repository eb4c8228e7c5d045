using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML.Dmcp.Budgets.Latencies;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// How long the layers of a network take on one machine, each at several widths: from it follows the time of the network at any widths,
/// which <see cref="Budget.Latency"/> limits. Measured by <see cref="Measure"/>, saved as JSON.
/// </summary>
/// <remarks>
/// Every convolution or other layer is timed by itself, with the batch norm and the activation behind it. Between the measured widths the
/// times are interpolated, and they are added up. What a whole network takes beside its layers is measured on networks of several uniform
/// widths, from the narrowest to the full one. A table serves all networks that have only layers, image sizes and widths such as its own.
/// </remarks>
/// <example><code>
/// var network = NetworkZoo.ResNet18().Describe(channels: 3, height: 64, width: 64, classes: 10);
/// var table = LatencyTable.Measure(network);
/// table.Save("resnet18.latency.json");
/// var options = new DmcpSearchOptions { Network = NetworkZoo.ResNet18(), Budget = Budget.Latency(2.5, table), WidthMultiple = 8 };
/// </code></example>
public sealed class LatencyTable
{
    internal const string FormatName = "Microsoft.ML.Dmcp/LatencyTable";
    internal const int FormatVersion = 1;

    // Far above all tables; nothing larger is read into memory.
    private const int LargestFile = 1 << 26, MostLayers = 10_000;

    private static readonly LatencyJson Json = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    });

    private readonly LatencyDocument _document;
    private readonly Dictionary<string, LayerTimes> _layers;

    internal LatencyTable(LatencyDocument document)
    {
        _document = document;
        _layers = document.Layers.ToDictionary(l => l.Layer);
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToJson())))[..8];
    }

    /// <summary>Name of the network that it was measured for.</summary>
    public string Network => _document.Network;

    /// <summary>Name and version of what computed.</summary>
    public string Engine => _document.Engine;

    /// <summary>Processor and system that it was measured on.</summary>
    public string Machine => _document.Machine;

    /// <summary>Images of one run.</summary>
    public int BatchSize => _document.BatchSize;

    /// <summary>Threads of one run.</summary>
    public int NumberOfThreads => _document.NumberOfThreads;

    /// <summary>Eight letters that differ between tables: the settings of a search name the table of its budget by them.</summary>
    public string Id { get; }

    /// <summary>Measures the times of a network's layers, which takes minutes: on a machine that does nothing else.</summary>
    /// <param name="network">The unpruned network, described for the images that it will see.</param>
    /// <param name="options">Engine, batch, threads and how thoroughly; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">The engine cannot be loaded.</exception>
    /// <exception cref="OperationCanceledException">The measurement was cancelled.</exception>
    public static LatencyTable Measure(NetworkDescription network, LatencyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        options ??= new LatencyOptions();
        options.Check();
        return new LatencyTable(new LatencyMeasurement(network, options).Run());
    }

    /// <summary>Measures how long one run of a whole network takes, to compare with <see cref="MillisecondsOf"/>.</summary>
    /// <param name="network">The unpruned network.</param>
    /// <param name="widths">Width of every channel group.</param>
    /// <param name="options">Engine, batch and threads; it takes as long as the time limit says, or 200 runs.</param>
    /// <returns>Milliseconds, the median.</returns>
    /// <exception cref="ArgumentException">A width is missing or out of range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">The engine cannot be loaded.</exception>
    /// <exception cref="OperationCanceledException">The measurement was cancelled.</exception>
    public static double MeasureNetwork(NetworkDescription network, IReadOnlyList<int> widths, LatencyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        options ??= new LatencyOptions();
        options.Check();
        return new LatencyMeter(options).Microseconds(network.AtWidths(widths), options.TimeLimit) * 1e-3;
    }

    /// <summary>How long one run of a network takes by this table, in milliseconds.</summary>
    /// <param name="network">The unpruned network.</param>
    /// <param name="widths">Width of every channel group.</param>
    /// <exception cref="ArgumentException">
    /// The network has a layer that was not measured, or not as wide, or a width is out of range; the message names it.
    /// </exception>
    public double MillisecondsOf(NetworkDescription network, IReadOnlyList<int> widths)
    {
        ArgumentNullException.ThrowIfNull(network);
        network.CheckWidths(widths);
        return CostOf(network).Count(widths) * 1e-6;
    }

    /// <summary>The table as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(_document, Json.LatencyDocument);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The JSON text.</param>
    /// <exception cref="FormatException">The text is no latency table, of a later version, or has impossible values.</exception>
    public static LatencyTable FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return new LatencyTable(Checked(JsonSerializer.Deserialize(json, Json.LatencyDocument)));
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new FormatException($"The text is not a latency table: {e.Message}", e);
        }
    }

    /// <summary>Writes the table to a file, whole or not at all.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <exception cref="IOException">The file cannot be written; what it held before is unchanged.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        DurableFile.Write(path, stream => JsonSerializer.Serialize(stream, _document, Json.LatencyDocument));
    }

    /// <summary>Reads a table from a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">The file is no latency table; the message names the file and what is wrong.</exception>
    public static LatencyTable Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return FileReading.Named(path, $"There is no latency table '{path}': measure it with LatencyTable.Measure.", file =>
        {
            var length = new FileInfo(DurableFile.Linked(file)).Length;
            return length <= LargestFile ? FromJson(File.ReadAllText(file))
                : throw new FormatException($"It has {length} bytes, which no latency table has.");
        });
    }

    /// <summary>What was measured, in one line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"latency table {Id}: {Network} at {_document.ImageWidth}x{_document.ImageHeight} pixels, {Engine}, batch of {BatchSize}, ") +
        FormattableString.Invariant($"{NumberOfThreads} threads, {Machine}");

    /// <summary>The time of a network as a function of its widths.</summary>
    /// <exception cref="ArgumentException">A layer was not measured, or not as wide; the message names it.</exception>
    internal LatencyCost CostOf(NetworkDescription network)
    {
        var layers = TimedUnit.Of(network).Select(unit => Place(unit, network)).ToArray();
        return new LatencyCost(this, layers, NetworkCost.Parameters(network), _document.Overhead);
    }

    private PlacedTimes Place(TimedUnit unit, NetworkDescription network)
    {
        var place = $"layer '{unit.Layers[0].Name}' of network '{network.Name}'";
        if (!_layers.TryGetValue(unit.Name, out var times))
            throw new ArgumentException($"There is no time of '{unit.Name}', {place}, in {this}. " +
                "Measure one of this network and image size: LatencyTable.Measure(network).", nameof(network));
        if (times.Inputs.Count > 0 != unit.IsDense || unit.Output.Channels > times.Outputs[^1]
            || (unit.IsDense && unit.Input.Channels > times.Inputs[^1]))
            throw new ArgumentException(
                $"The times of '{unit.Name}' are not of as many channels as {place} has ({unit.Input.Channels} in, " +
                $"{unit.Output.Channels} out), in {this}. Measure one of this network: LatencyTable.Measure(network).", nameof(network));
        return new PlacedTimes(times, WidthSum.Of(unit.Input), WidthSum.Of(unit.Output));
    }

    private static LatencyDocument Checked(LatencyDocument? document)
    {
        if (document is null)
            throw new FormatException("The text is not a latency table: it is null.");
        if (document.Format != FormatName)
            throw new FormatException($"The text is not a latency table: its format is '{document.Format}'; needed is '{FormatName}'.");
        if (document.Version is < 1 or > FormatVersion)
            throw new FormatException($"The latency table has version {document.Version}; this library reads versions up to " +
                $"{FormatVersion}: update Microsoft.ML.Dmcp.");
        if (document.BatchSize < 1 || document.NumberOfThreads < 1)
            throw new FormatException(
                $"The latency table is for batches of {document.BatchSize} and {document.NumberOfThreads} threads, which cannot be.");
        if (document.Layers.Count is 0 or > MostLayers)
            throw new FormatException($"The latency table has {document.Layers.Count} layers; needed are 1 to {MostLayers}.");
        foreach (var layer in document.Layers)
            (layer ?? throw new FormatException("The latency table has a layer that is null.")).Check();
        if (document.Layers.CountBy(l => l.Layer).FirstOrDefault(l => l.Value > 1).Key is { } twice)
            throw new FormatException($"The latency table has the layer '{twice}' twice.");
        document.Overhead.Check();
        return document;
    }
}
