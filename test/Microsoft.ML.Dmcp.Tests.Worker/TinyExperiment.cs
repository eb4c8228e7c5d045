namespace Microsoft.ML.Dmcp.Tests.Worker;

/// <summary>An experiment of a few seconds: a bright square in one of three corners, in noise that hides it now and then.</summary>
public static class TinyExperiment
{
    public const int Size = 8, Classes = 3;

    /// <summary>A network for the images.</summary>
    public static NetworkArchitecture Network { get; } = new("tiny", net =>
    {
        var x = net.ReLU(net.BatchNorm(net.Conv(net.Input, 8, 3)));
        x = net.ReLU(net.BatchNorm(net.Conv(x, 12, 3, stride: 2)));
        net.Linear(net.Flatten(x), net.Classes);
    });

    /// <summary>Settings that give many short trials.</summary>
    public static DmcpExperimentSettings Settings(string folder, DmcpStore? store = null) => new()
    {
        Networks = [Network],
        SmallestBudget = Budget.FlopsRatio(0.2),
        LargestBudget = Budget.FlopsRatio(0.8),
        SharedEpochs = 2,
        SearchEpochs = 1,
        TrainingEpochs = 4,
        MaxTrials = 6,
        CheckpointFolder = folder,
        Store = store,
        WorkerTimeout = TimeSpan.FromSeconds(1),
        ConfigureTraining = options =>
        {
            options.BatchSize = 16;
            options.NumberOfThreads = 1;
        },
    };

    /// <summary>Labelled images, the same in every process.</summary>
    public static IReadOnlyList<TinyImage> Images(int count = 100)
    {
        var random = new Random(7);
        var labels = Enumerable.Range(0, count).Select(i => i % Classes);
        return labels.Select(label => new TinyImage { Label = $"côté {label}", Features = Pixels(label, random) }).ToArray();
    }

    private static byte[] Pixels(int label, Random random)
    {
        var pixels = new byte[3 * Size * Size];
        random.NextBytes(pixels);
        var (x0, y0) = (label % 2 * 4, label / 2 * 4);
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (i % Size - x0, i / Size % Size - y0);
            pixels[i] = (byte)(pixels[i] / 2 + (x is >= 0 and < 4 && y is >= 0 and < 4 ? 100 : 0));
        }
        return pixels;
    }
}
