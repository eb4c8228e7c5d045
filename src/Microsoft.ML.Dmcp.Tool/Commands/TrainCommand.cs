using System.CommandLine;
using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Options;
using Microsoft.ML.Dmcp.Tool.Release;

namespace Microsoft.ML.Dmcp.Tool.Commands;

/// <summary><c>dmcp train</c>: mode train of the release.</summary>
internal sealed class TrainCommand : ReleaseCommand
{
    private readonly Option<bool> _dryRun = DryRunOption.Create();

    public TrainCommand() : base(
        "train", "Searches widths (configs dmcp.yaml), or trains a network at the widths of --chcfg (configs retrain.yaml).",
        needsData: true, needsFlops: true) => Add(_dryRun);

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("dmcp train --config config/mbv2/dmcp.yaml --data imagenet --flops 43 --dry-run", "can it be done, and how long does it take?"),
        new("dmcp train --config config/mbv2/dmcp.yaml --data imagenet --flops 43", "results in results/DMCPMobileNetV2_43_MMDDHH"),
        new("dmcp train --config config/mbv2/retrain.yaml --data imagenet --flops 43 "
            + "--chcfg results/DMCPMobileNetV2_43_MMDDHH/model_sample/expected_ch", "trains what was found, from scratch"),
        new("dmcp train --config config/res18/dmcp.yaml --data photos --flops 100 --set model.kwargs.num_classes=10 "
            + "--set model.kwargs.input_size=96 --set training.epoch=20 --set lr_scheduler.warmup_steps=0", "images of your own"),
    ];

    public override bool Trains => true;

    public override void Run(CommandRun run)
    {
        var config = Read(run);
        var earlier = Earlier(run, config);
        var budget = BudgetOf(run)!;
        if (config.Search is not null)
            budget.RequireWithinReach(config.Describe(), config.Search.Widths);
        var widths = config.Search is null ? WidthsOf(run, config) : null;
        var images = Images(run, config);
        var pipeline = new ReleasePipeline(run.Context(config.Seed), config, images);
        config.Optimizer.LearningRate(pipeline.Iterations);
        if (run.Value(_dryRun))
        {
            Tell(run, config, budget, widths, images);
            return;
        }
        var folder = earlier ?? NewFolder(run, config);
        run.Console.Note($"Results go to {folder.Root}");
        try
        {
            if (widths is null)
                new SearchRun(run, config, pipeline, folder).Train(budget);
            else
                new RetrainRun(run, config, pipeline, folder).Train(widths);
        }
        catch (OperationCanceledException e)
        {
            throw new StoppedException($"Stopped. Go on with the same line and --checkpoint {folder.Root}", e);
        }
    }

    /// <summary>What would be trained, whether the budget can be met, and how long it may take.</summary>
    private static void Tell(CommandRun run, ReleaseConfig config, Budget budget, ChannelConfig? widths, ReleaseImages images)
    {
        run.Console.Note("Measuring the network ...");
        var network = config.Describe();
        var all = (long)images.Training.Count * config.Epochs;
        var seconds = config.Search is { } search
            ? RoughTime.Search(network, search.Widths, all, config.BatchSize, run.Cancellation)
            : RoughTime.Training(network.AtWidths(widths!.WidthsFor(network)), all, config.BatchSize, run.Cancellation);
        var what = config.Search is null ? widths!.ToString() : budget.Describe(network, config.Search.Widths);
        run.Console.Answer(
            new
            {
                network = config.Network.Type, trainingImages = images.Training.Count, validationImages = images.Validation.Count,
                classes = images.Classes.Count, epochs = config.Epochs, config.BatchSize, seconds = Math.Round(seconds),
                mFlops = widths?.Flops / 1e6, budget = config.Search is null ? null : budget.ToString(),
            },
            $"{what}\n{images.Training.Count} images to train on and {images.Validation.Count} to measure on, "
                + $"{images.Classes.Count} classes, {config.Epochs} epochs in batches of {config.BatchSize}\n"
                + $"roughly {RoughTime.Text(seconds)} on this processor. Nothing was trained.");
    }
}
