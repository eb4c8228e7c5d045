using System.Globalization;
using System.Reflection;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Dmcp.Networks;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
using Microsoft.ML.Dmcp.Runs.Native;
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
    private readonly TrainingOptions? _training;

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
        _training = options as TrainingOptions;
        if (_training is { Communicator: { Size: > 1 } communicator })
        {
            Ranks = new Ranks(communicator, _training.SynchronizedBatchNorm);
            if (!Ranks.IsFirst)
            {
                Log = Log with { Info = _ => { }, Warning = _ => { } };
                _training.MetricsCallback = null;
            }
        }
        _threads = TorchRuntime.Prepare(options.NumberOfThreads);
        Device = TorchRuntime.ChooseDevice(host, Log);
        Log.Info(Device.type == global::TorchSharp.DeviceType.CPU
            ? $"Computing on the processor, with {get_num_threads()} threads."
            : $"Computing on GPU '{Device}'.");
        if (_training?.Precision == TrainingPrecision.BFloat16
            && Device.type == global::TorchSharp.DeviceType.CPU && Processor.IsSlowWithBFloat16)
            Log.Warning("This processor is no faster with Precision = BFloat16, or slower: it has neither AMX nor AMD's AVX512-BF16. " +
                "Single is more precise.");
        if (Ranks is not null)
            Log.Info($"{Ranks.Size} ranks share every batch of {options.BatchSize} images.");
    }

    /// <summary>The processes that run together; null for one.</summary>
    public Ranks? Ranks { get; }

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
    public int ChooseSeed() => RunSeed.Choose(_options, _host, Ranks);

    /// <summary>Makes sure that all ranks do the same.</summary>
    /// <param name="name">What is run.</param>
    /// <param name="seed">Seed of all randomness.</param>
    /// <param name="set">The images.</param>
    /// <param name="network">The network.</param>
    /// <param name="more">Further settings that decide the result.</param>
    /// <exception cref="InvalidOperationException">They do not; the message names the first difference.</exception>
    public void RequireSameOnAllRanks(
        string name, int seed, ImageSet set, NetworkDescription network, params IReadOnlyList<(string Name, string Value)> more)
    {
        if (Ranks is null)
            return;
        var settings = _options.ToSettings();
        foreach (var (setting, value) in more)
            settings[setting] = value;
        var identity = CheckpointIdentity.Of(name, seed, network, set, settings, _options.WeightsPath);
        var checkpoint = _training?.CheckpointPath;
        Ranks.RequireSame(
            [
                ("the version of Microsoft.ML.Dmcp", VersionOf(typeof(ImageRun))),
                ("the version of TorchSharp", VersionOf(typeof(Tensor))),
                ("the step", identity.Kind),
                ("the seed", identity.Seed.ToString(CultureInfo.InvariantCulture)),
                .. identity.Settings.Select(s => ($"the setting {s.Key}", s.Value)),
                ("the network", identity.Network),
                ("the number and SHA-256 of the images", identity.Images),
                ("the checkpoint, which all must see,", checkpoint is null ? "none"
                    : DurableFile.Exists(checkpoint) ? CheckpointFile.DigestOf(checkpoint) : "not there yet"),
            ],
            "The ranks cannot run together");
    }

    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

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
        Ranks?.Dispose();
        _threads.Dispose();
        _channel.Dispose();
    }
}
