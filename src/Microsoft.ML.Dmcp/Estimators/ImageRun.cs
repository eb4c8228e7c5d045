using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Estimators;

/// <summary>What every Fit begins with: a log, the device and its threads, a seed, and labelled images.</summary>
internal sealed class ImageRun : IDisposable
{
    private readonly IHost _host;
    private readonly ImageRunOptions _options;
    private readonly IChannel _channel;
    private readonly IDisposable _threads;

    /// <param name="host">Of the estimator.</param>
    /// <param name="name">What the run does.</param>
    /// <param name="options">Columns, threads, seed and token; checked.</param>
    /// <exception cref="InvalidOperationException">libtorch cannot be loaded, or the GPU that was asked for is not there.</exception>
    public ImageRun(IHost host, string name, ImageRunOptions options)
    {
        _host = host;
        _options = options;
        _channel = host.Start(name);
        Log = RunLogs.On(host, _channel, options.CancellationToken);
        _threads = TorchRuntime.Prepare(options.NumberOfThreads);
        Device = TorchRuntime.ChooseDevice(host, Log);
        Log.Info(Device.type == global::TorchSharp.DeviceType.CPU
            ? $"Computing on the processor, with {get_num_threads()} threads."
            : $"Computing on GPU '{Device}'.");
    }

    /// <summary>Gets progress, and cancels the run.</summary>
    public RunLog Log { get; }

    /// <summary>Where the run computes.</summary>
    public Device Device { get; }

    /// <summary>Reads labelled images.</summary>
    /// <param name="data">Where they are.</param>
    /// <param name="forTraining">Whether every class needs an image.</param>
    public ImageSet Read(IDataView data, bool forTraining = true) =>
        ImageSetReader.Read(data, _options.LabelColumnName, _options.FeatureColumnName, _options.VectorImage, Log, forTraining);

    /// <summary>Seed of all randomness.</summary>
    public int ChooseSeed() => RunSeed.Choose(_options, _host);

    /// <summary>
    /// Mean and deviation that the pixels are normalized by: those of the options, else those of given weights, else those of the images.
    /// </summary>
    /// <param name="set">The images.</param>
    /// <param name="weightsPath">Checkpoint with the weights that the run begins with; null for fresh ones.</param>
    public Normalization NormalizationOf(ImageSet set, string? weightsPath)
    {
        if (_options.PixelMean is null && CheckpointFile.IdentityOf(weightsPath) is { } origin
            && _options.TakeNormalization(origin.Settings))
            Log.Info($"Pixels are normalized as the weights of '{weightsPath}' need it.");
        return Normalization.Of(set, _options.PixelMean, _options.PixelDeviation);
    }

    public void Dispose()
    {
        _threads.Dispose();
        _channel.Dispose();
    }
}
