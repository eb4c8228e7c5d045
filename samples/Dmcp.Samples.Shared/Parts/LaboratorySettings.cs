using System.Text.Json.Serialization;

namespace Dmcp.Samples.Shared;

/// <summary>
/// What decides the results of a laboratory: kept beside them, so that parts of different settings never meet in one report.
/// </summary>
public record LaboratorySettings
{
    /// <summary>Folder of images, one folder a class; null for the drawn shapes.</summary>
    public required string? Data { get; init; }

    /// <summary>The unpruned network.</summary>
    public required string Network { get; init; }

    /// <summary>Side of the images in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Training images of a class at most.</summary>
    public required int PerClass { get; init; }

    /// <summary>Held-out images of a class.</summary>
    public required int HeldOut { get; init; }

    /// <summary>Epochs of each search.</summary>
    public required int SearchEpochs { get; init; }

    /// <summary>Epochs of each training.</summary>
    public required int TrainEpochs { get; init; }

    /// <summary>Peak learning rate of searches and of trainings from scratch; the default of the library when null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LearningRate { get; init; }

    /// <summary>Images of a step.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Threads of libtorch; null for all processors. Part of the settings, since it changes sums in their last digit.</summary>
    public required int? Threads { get; init; }
}
