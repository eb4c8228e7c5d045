using Dmcp.Samples.Shared;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Dmcp;

namespace Dmcp.Quickstart;

/// <summary>Search, retrain, compare, save: the whole job, as a user of the library would write it.</summary>
internal sealed class Quickstart(Settings settings, CancellationToken cancellation)
{
    private readonly MLContext _ml = new(settings.Seed);
    private readonly HashSet<string> _warnings = [];

    public void Run()
    {
        using var board = settings.TensorBoard is null ? null : new TensorBoardLog(settings.TensorBoard);
        _ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                _warnings.Add(e.RawMessage);
        };
        Directory.CreateDirectory(settings.Output);
        var checkpoints = new CheckpointFolder(settings.Output, settings.Fresh);
        if (checkpoints.WasInterrupted)
            Console.WriteLine($"going on with the interrupted run in {settings.Output} (--fresh begins anew)");
        var split = DemoImages.Find(settings, Console.Out);
        var trainings = new Trainings(settings, _ml, split, checkpoints, board, cancellation);

        // The main job: one pipeline that searches, retrains what it found, and predicts.
        var pruned = trainings.SearchAndRetrain();
        var config = pruned.Config;
        var configFile = Path.Combine(settings.Output, "channel-config.json");
        var plotFile = Path.Combine(settings.Output, "widths.svg");
        config.Save(configFile);
        WidthPlot.Save(config, plotFile);

        // The baselines: the unpruned network, and the one narrowed uniformly to the same FLOPs, trained equally long.
        var network = NetworkZoo.Find(settings.Network)
            .Describe(3, settings.ImageSize, settings.ImageSize, split.HeldOut.Select(i => i.Label).Distinct().Count());
        var uniform = trainings.Train("uniform", UniformScaling.Find(network, Budget.MFlops(config.Flops / 1e6)));
        var unpruned = trainings.Train("unpruned", UniformScaling.Find(network, Budget.FlopsRatio(1)));
        TrainedNetwork[] networks = [unpruned, uniform, pruned];

        Console.WriteLine("measuring the time of predictions ...");
        var speeds = PredictionSpeed.Measure(
            _ml, networks.Select(n => n.Network).ToArray(), trainings.ReadImages(), settings.ImageSize, cancellation);
        var report = new Report(SampleConsole.Output, settings);
        report.Groups(config);
        report.Budget(config);
        report.Comparison(networks, speeds, split.HeldOut.Count);
        foreach (var warning in _warnings)
            Console.WriteLine($"warning: {warning}");
        PredictOne(pruned.File, split.HeldOut[0]);
        Console.WriteLine($"models:         {string.Join(", ", networks.Reverse().Select(n => n.File))}");
        Console.WriteLine($"channel config: {configFile}");
        Console.WriteLine($"plot of widths: {plotFile}");
        if (board is not null)
            Console.WriteLine($"curves:         tensorboard --logdir {board.Folder}");
        report.Next();
        checkpoints.Delete();
    }

    private void PredictOne(string modelFile, ImageFile image)
    {
        var model = _ml.Model.Load(modelFile, out _);
        using var engine = _ml.Model.CreatePredictionEngine<ImageFile, Prediction>(model);
        var prediction = engine.Predict(image);
        var classes = ((IEnumerable<ITransformer>)model).OfType<PrunedNetworkTransformer>().Single().ClassNames;
        if (prediction.PredictedLabel == 0)
            throw new InvalidDataException($"'{image.ImagePath}' could not be read.");
        Console.WriteLine($"prediction:     {image.ImagePath} is '{classes[(int)prediction.PredictedLabel - 1]}' "
            + $"with probability {prediction.Score.Max():0.00} (by the saved model)");
    }
}
