using System.Text.Json;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Networks;
using Microsoft.ML.Dmcp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Estimators;

/// <summary>A trained network as a stream: a JSON header, to which later versions may add properties, and the weights as TorchSharp writes them.</summary>
internal static class PrunedModelFile
{
    public static void Write(PrunedModel model, BinaryWriter writer)
    {
        var header = new PrunedModelHeader(Parse(model.Network.Description.ToJson()), Parse(model.Config.ToJson()), model.Normalization.Mean, model.Normalization.Deviation, model.ClassNames.Texts,
            model.Vector.Layout, model.Vector.Height, model.Vector.Width, model.FeatureColumn, model.ScoreColumn, model.PredictedLabelColumn, model.Method, model.ClassNames.Type?.Name,
            model.EmbeddingColumn);
        writer.Write(JsonSerializer.Serialize(header, PrunedModelJson.Default.PrunedModelHeader));
        model.Network.SaveWeights(writer);
    }

    /// <exception cref="FormatException">The stream is no trained network.</exception>
    public static PrunedModel Read(BinaryReader reader, Device device)
    {
        PrunedModelHeader header;
        try
        {
            header = JsonSerializer.Deserialize(reader.ReadString(), PrunedModelJson.Default.PrunedModelHeader) ?? throw new FormatException("The header of the trained network is null.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"The header of the trained network is not what it should be: {e.Message}", e);
        }
        var description = NetworkDescription.FromJson(header.Network.GetRawText());
        var colours = description.Input.Channels;
        if (header.ClassNames.Count != description.Classes || header.Mean.Count != colours || header.Deviation.Count != colours)
            throw new FormatException($"The header of the trained network names {header.ClassNames.Count} classes and {header.Mean.Count} colours; the network has {description.Classes} and {colours}.");
        var names = Names(header.ClassNames, header.ClassNameType);
        var network = SlimmableNetwork.Blank(description, device);
        try
        {
            network.LoadWeights(reader);
            return new PrunedModel(network, ChannelConfig.FromJson(header.Config.GetRawText()), header.Method, new Normalization(header.Mean, header.Deviation), names,
                new VectorImage(header.VectorLayout, colours, header.ImageHeight, header.ImageWidth), header.FeatureColumn, header.ScoreColumn, header.PredictedLabelColumn, header.EmbeddingColumn);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static ClassNames Names(IReadOnlyList<string> texts, string? type)
    {
        if (type is null)
            return new ClassNames(texts, null);
        var found = ClassNameType.Find(type) ?? throw new FormatException($"The classes of the trained network are of type '{type}', which this library does not know: update Microsoft.ML.Dmcp.");
        found.Check(texts);
        return new ClassNames(texts, found);
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
