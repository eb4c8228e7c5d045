using Microsoft.ML.Dmcp;

namespace Dmcp.Quickstart;

/// <summary>What the command line asked for.</summary>
internal sealed record Settings
{
    /// <summary>Name of the network that comes with weights.</summary>
    public const string PretrainedResNet18 = "pretrained-resnet18";

    /// <summary>Folder of images; null for drawn shapes.</summary>
    public required string? Data { get; init; }

    public required string Output { get; init; }

    public required string? TensorBoard { get; init; }

    public required string Network { get; init; }

    /// <summary>Whether the network comes with weights trained on ImageNet.</summary>
    public bool IsPretrained => Network == PretrainedResNet18;

    public required double FlopsShare { get; init; }

    public required int ImageSize { get; init; }

    public required int PerClass { get; init; }

    /// <summary>Held-out images of a class; null for as many as the images allow.</summary>
    public required int? HeldOut { get; init; }

    public required int SearchEpochs { get; init; }

    public required int TrainEpochs { get; init; }

    public required int BatchSize { get; init; }

    public required TrainingPrecision Precision { get; init; }

    public required int Seed { get; init; }

    /// <summary>How often everything is done.</summary>
    public required int Seeds { get; init; }

    /// <summary>Whether what an interrupted run left is discarded.</summary>
    public required bool Fresh { get; init; }
}
