using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dmcp.Experiments;

/// <summary>What decides the results: kept beside them, so that parts of different settings never meet in one report.</summary>
internal sealed record Settings
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>Folder of images, one folder a class; null for the drawn shapes.</summary>
    public required string? Data { get; init; }

    public required string Network { get; init; }

    /// <summary>Share of the network's FLOPs in most tables.</summary>
    public required double FlopsShare { get; init; }

    /// <summary>The second, smaller share of Tables 2 and 6.</summary>
    public required double SmallFlopsShare { get; init; }

    public required int ImageSize { get; init; }

    public required int PerClass { get; init; }

    public required int HeldOut { get; init; }

    public required int SearchEpochs { get; init; }

    public required int TrainEpochs { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>Structures by direct sampling that Table 1 trains.</summary>
    public required int DirectSamples { get; init; }

    /// <summary>Structures by direct sampling that each row of Tables 2 and 3 trains.</summary>
    public required int MoreDirectSamples { get; init; }

    /// <summary>Threads of libtorch; null for all processors. Part of the settings, since it changes sums in their last digit.</summary>
    public required int? Threads { get; init; }

    [JsonIgnore]
    public int CropPadding => Data is null ? 0 : ImageSize / 16;

    /// <summary>Keeps the settings with the results, or checks that those there were made with the same.</summary>
    /// <exception cref="InvalidOperationException">The folder holds results of other settings; the message shows both.</exception>
    public void Bind(string folder)
    {
        var file = Path.Combine(folder, "settings.json");
        var text = JsonSerializer.Serialize(this, Json);
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(folder);
            WholeFile.Write(file, text);
        }
        else if (File.ReadAllText(file) is var there && there != text)
            throw new InvalidOperationException($"'{folder}' holds results of other settings: give another --output, or the same settings again.\nThere: {there}\nHere: {text}");
    }
}
