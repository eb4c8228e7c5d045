namespace Dmcp.Transfer;

/// <summary>What decides the results: kept beside them, so that parts of different settings never meet in one report.</summary>
internal sealed record TransferSettings
{
    /// <summary>Folder of images, one folder a class; null for drawn shapes.</summary>
    public required string? Data { get; init; }

    /// <summary>Share of the images of every class that accuracy is measured on.</summary>
    public required double HeldOutShare { get; init; }

    /// <summary>The pre-trained network; null for ResNet-18 of the package Microsoft.ML.DnnImageFeaturizer.ResNet18.</summary>
    public required string? Onnx { get; init; }

    /// <summary>Side of the images in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Epochs of the fine-tuning of the unpruned network.</summary>
    public required int TeacherEpochs { get; init; }

    /// <summary>Epochs of each search.</summary>
    public required int SearchEpochs { get; init; }

    /// <summary>Epochs of the fine-tuning of a pruned network.</summary>
    public required int TuneEpochs { get; init; }

    /// <summary>Epochs of a training from scratch.</summary>
    public required int ScratchEpochs { get; init; }

    /// <summary>Images of a step.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Threads of libtorch; null for all processors.</summary>
    public required int? Threads { get; init; }
}
