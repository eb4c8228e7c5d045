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

        // Everything is done with every seed; the models of the first one are kept.
        var first = OfSeed(trainings, settings.Seed);
        var accuracies = first.Select(network => new List<double> { network.Accuracy }).ToArray();
        for (var i = 1; i < settings.Seeds; i++)
            foreach (var (network, all) in OfSeed(trainings, settings.Seed + i).Zip(accuracies))
                using (network)
                    all.Add(network.Accuracy);
        var networks = first
            .Select((network, i) => new ComparedNetwork(network.Name, network.Config, Save(network, trainings.Schema), new Sample(accuracies[i])))
            .ToArray();
        var pruned = networks.Single(n => n.Name == "pruned");
        var configFile = Path.Combine(settings.Output, "channel-config.json");
        var plotFile = Path.Combine(settings.Output, "widths.svg");
        pruned.Config.Save(configFile);
        WidthPlot.Save(pruned.Config, plotFile);

        Console.WriteLine("measuring the time of predictions ...");
        var speeds = PredictionSpeed.Measure(
            _ml, first.Select(n => n.Network).ToArray(), trainings.ReadImages(), settings.ImageSize, cancellation);
        var report = new Report(SampleConsole.Output, settings);
        report.Groups(pruned.Config);
        report.Budget(pruned.Config);
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

    private static TrainedNetwork[] OfSeed(Trainings trainings, int seed) =>
        [trainings.TrainUnpruned(seed), trainings.TrainUniform(seed), trainings.SearchAndRetrain(seed)];

    private string Save(TrainedNetwork network, DataViewSchema schema)
    {
        var file = Path.Combine(settings.Output, network.Name == "pruned" ? "model.zip" : network.Name + ".zip");
        // Whole or not at all: a model of before is replaced only once the new one is written.
        _ml.Model.Save(network.Model, schema, file + ".tmp");
        File.Move(file + ".tmp", file, overwrite: true);
        return file;
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
