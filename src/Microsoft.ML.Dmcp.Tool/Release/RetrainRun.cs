using Microsoft.ML.Dmcp.Tool.Frame;

namespace Microsoft.ML.Dmcp.Tool.Release;

/// <summary>Trains an Adaptive network of the release: from scratch, at the widths of a channel config.</summary>
/// <param name="run">The command.</param>
/// <param name="config">The config file.</param>
/// <param name="pipeline">The images.</param>
/// <param name="folder">The results.</param>
internal sealed class RetrainRun(CommandRun run, ReleaseConfig config, ReleasePipeline pipeline, ResultFolder folder)
{
    private const double Million = 1e6;

    /// <summary>Trains the widths.</summary>
    public void Train(ChannelConfig widths)
    {
        using var log = RunLog.Of(run, folder);
        var options = pipeline.WithTraining(new PrunedRetrainOptions
        {
            Method = RetrainMethod.FromScratch,
            Network = config.Architecture,
            ChannelConfig = widths,
            ValidationSet = pipeline.ReadValidation(),
            // The release measures the last one, too.
            KeepBestEpoch = false,
            CheckpointPath = folder.TrainingCheckpoint,
            CancellationToken = run.Cancellation,
            Communicator = run.Ranks,
        });
        using var model = run.Console.During(show =>
        {
            options.MetricsCallback = show("train") + log?.Callback("train");
            return pipeline.Fit(pipeline.Context.Transforms.PrunedRetrain(options));
        });
        if (log is null)
            return;
        WholeFile.Write(folder.Model, path => pipeline.Context.Model.Save(model, pipeline.InputSchema, path));
        widths.Save(Path.Combine(folder.Root, "config.json"));
        var accuracy = pipeline.Measure(model);
        log.Write(accuracy.ToString());
        run.Console.Answer(
            new
            {
                folder = Path.GetFullPath(folder.Root), network = config.Network.Type, mFlops = widths.Flops / Million,
                mParameters = widths.Parameters / Million, model = Path.GetFullPath(folder.Model),
                evaluations = (MeasuredAccuracy[])[accuracy],
            },
            string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"flops: {widths.Flops / Million:0.00}, params: {widths.Parameters / Million:0.00}\n{accuracy}\nModel in {folder.Model}"));
    }

    /// <summary>Measures the trained network of the folder.</summary>
    public MeasuredAccuracy Evaluate()
    {
        var model = pipeline.Context.Model.Load(folder.Model, out _);
        using (model as IDisposable)
            return pipeline.Measure(model);
    }
}
