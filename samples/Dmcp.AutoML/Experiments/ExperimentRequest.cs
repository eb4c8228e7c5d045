using Microsoft.ML.Dmcp;

namespace Dmcp.AutoML.Experiments;

/// <summary>What someone chose on the page.</summary>
internal sealed record ExperimentRequest
{
    /// <summary>What the page calls the experiment.</summary>
    public string Name { get; init; } = "";

    /// <summary>Id of an upload; null for <see cref="Folder"/>.</summary>
    public string? Upload { get; init; }

    /// <summary>A folder on the server's machine, with one folder a class; null for <see cref="Upload"/>.</summary>
    public string? Folder { get; init; }

    /// <summary>Name of a network of the zoo.</summary>
    public string Network { get; init; } = "cifar-resnet20";

    /// <summary>Side in pixels to which images are resized.</summary>
    public int ImageSize { get; init; } = 32;

    /// <summary>Share of the network's FLOPs of the smallest and of the largest budget.</summary>
    public double SmallestBudget { get; init; } = 0.1;

    public double LargestBudget { get; init; } = 0.75;

    /// <summary>Minutes after which it stops; may be resumed.</summary>
    public double Minutes { get; init; } = 60;

    public int? Trials { get; init; }

    public int SharedEpochs { get; init; } = 20;

    public int SearchEpochs { get; init; } = 4;

    public int TrainingEpochs { get; init; } = 20;

    public int BatchSize { get; init; } = 32;

    /// <summary>Whether every other training image is mirrored.</summary>
    public bool Mirror { get; init; } = true;

    /// <summary>The experiment of this library.</summary>
    /// <param name="folder">Where its checkpoints go.</param>
    /// <param name="threads">Threads of libtorch.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public DmcpExperimentSettings ToSettings(string folder, int? threads, CancellationToken cancellation)
    {
        if (ImageSize is < 16 or > 512)
            throw new ArgumentException($"The image size is {ImageSize}; needed is one from 16 to 512 pixels.");
        if (Minutes is not (> 0 and <= 100_000))
            throw new ArgumentException($"The time is {Minutes} minutes; needed is a positive one.");
        var (batch, mirror) = (BatchSize, Mirror);
        return new DmcpExperimentSettings
        {
            Networks = [NetworkZoo.Find(Network)],
            SmallestBudget = Budget.FlopsRatio(SmallestBudget),
            LargestBudget = Budget.FlopsRatio(LargestBudget),
            MaxExperimentTime = TimeSpan.FromMinutes(Minutes),
            MaxTrials = Trials,
            SharedEpochs = SharedEpochs,
            SearchEpochs = SearchEpochs,
            TrainingEpochs = TrainingEpochs,
            CheckpointFolder = folder,
            CancellationToken = cancellation,
            ConfigureTraining = options =>
                (options.BatchSize, options.RandomHorizontalFlip, options.NumberOfThreads) = (batch, mirror, threads),
        };
    }
}
