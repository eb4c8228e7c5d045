using System.Text.Json;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Data.Labels;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Estimators.ModelFiles;

/// <summary>
/// A trained network as a stream: a JSON header, to which later versions may add properties, and the weights as TorchSharp writes them.
/// </summary>
internal static class PrunedModelFile
{
    // Of the largest network of the zoo some 100 kB.
    private const int LongestHeader = 16 << 20;

    public static void Write(PrunedModel model, BinaryWriter writer)
    {
        var header = new PrunedModelHeader(
            Parse(model.Network.Description.ToJson()), Parse(model.Config.ToJson()),
            model.Normalization.Mean, model.Normalization.Deviation, model.ClassNames.Texts,
            model.Vector.Layout, model.Vector.Height, model.Vector.Width,
            model.FeatureColumn, model.ScoreColumn, model.PredictedLabelColumn,
            model.Method, model.ClassNames.Type?.Name, model.EmbeddingColumn);
        writer.Write(JsonSerializer.Serialize(header, PrunedModelJson.Default.PrunedModelHeader));
        model.Network.SaveWeights(writer);
    }

    /// <exception cref="FormatException">The stream is no trained network.</exception>
    public static PrunedModel Read(BinaryReader reader, Device device)
    {
        var header = ReadHeader(reader);
        var description = NetworkDescription.FromJson(header.Network.GetRawText());
        var colours = description.Input.Channels;
        if (header.ClassNames.Count != description.Classes || header.Mean.Count != colours || header.Deviation.Count != colours)
            throw new FormatException(
                $"The header of the trained network names {header.ClassNames.Count} classes and {header.Mean.Count} colours; " +
                $"the network has {description.Classes} and {colours}.");
        Check(header);
        var names = Names(header.ClassNames, header.ClassNameType);
        // All weights are allocated before the first is read.
        var (parameters, room) = (NetworkCost.Parameters(description).Count(description.FullWidths), reader.Remaining() / sizeof(float));
        if (parameters > room)
            throw new FormatException($"The trained network has {parameters} parameters; the file has room for {room}.");
        var config = ChannelConfig.FromJson(header.Config.GetRawText());
        if (!config.Groups.Select(g => (g.Name, g.Width)).SequenceEqual(description.Groups.Select(g => (g.Name, g.Channels))))
            throw new FormatException("The channel config of the trained network has other widths than the network.");
        var network = SlimmableNetwork.Blank(description, device);
        try
        {
            network.LoadWeights(reader);
            return new PrunedModel(network, config, header.Method, new Normalization(header.Mean, header.Deviation), names,
                new VectorImage(header.VectorLayout, colours, header.ImageHeight, header.ImageWidth),
                header.FeatureColumn, header.ScoreColumn, header.PredictedLabelColumn, header.EmbeddingColumn);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static PrunedModelHeader ReadHeader(BinaryReader reader)
    {
        try
        {
            return JsonSerializer.Deserialize(reader.ReadText(LongestHeader), PrunedModelJson.Default.PrunedModelHeader)
                ?? throw new FormatException("The header of the trained network is null.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"The header of the trained network is not what it should be: {e.Message}", e);
        }
    }

    private static void Check(PrunedModelHeader header)
    {
        if (!header.Mean.All(float.IsFinite) || !header.Deviation.All(d => d > 0 && float.IsFinite(d)))
            throw new FormatException("The means or deviations of the trained network's pixels are no numbers that can be.");
        if (!Enum.IsDefined(header.Method) || !Enum.IsDefined(header.VectorLayout))
            throw new FormatException($"The trained network is of method {header.Method} and layout {header.VectorLayout}, " +
                "which this library does not know: update Microsoft.ML.Dmcp.");
        if (header.ClassNames.Any(name => name is null))
            throw new FormatException("A class of the trained network has no name.");
        if (header.ImageHeight < 0 || header.ImageWidth < 0)
            throw new FormatException(
                $"The trained network's vectors are of {header.ImageWidth}x{header.ImageHeight} pixels, which cannot be.");
    }

    private static ClassNames Names(IReadOnlyList<string> texts, string? type)
    {
        if (type is null)
            return new ClassNames(texts, null);
        var found = ClassNameType.Find(type) ?? throw new FormatException(
            $"The classes of the trained network are of type '{type}', which this library does not know: update Microsoft.ML.Dmcp.");
        found.Check(texts);
        return new ClassNames(texts, found);
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
