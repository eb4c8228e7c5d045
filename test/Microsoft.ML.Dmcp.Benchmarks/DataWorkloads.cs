using System.Diagnostics;
using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Augmentation;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>What stands beside the network: reading images, making batches, counting costs and drawing structures.</summary>
internal static class DataWorkloads
{
    private const int Images = 240, Photos = 256, Classes = 10, BatchSize = 64, TrainingBatch = 128, Draws = 3000;

    public static IEnumerable<Workload> All { get; } =
    [
        new("read-images", $"read {Images} PNG files of 32x32 through an ML.NET pipeline", Images, () =>
        {
            var folder = Directory.CreateTempSubdirectory("dmcp-benchmark").FullName;
            DrawnShapes.WriteFolder(folder, Images / DrawnShapes.ClassNames.Count, seed: 1);
            return Read(folder, 32);
        }),
        new(
            "read-imagenet",
            $"read {Photos} JPEG files of 500x375 through an ML.NET pipeline that resizes them to 224x224",
            Photos,
            () => Read(JpegFolder.Write(Photos, 500, 375, Classes), 224)),
        new(
            "train-cifar-jpeg",
            $"training iteration on JPEG files of 32x32 (flip, crop, colour jitter), CIFAR-ResNet-20, batch {TrainingBatch}",
            TrainingBatch,
            TrainOnFiles),
        new("batch", $"batch of {BatchSize} from memory, 32x32, flip and crop", BatchSize, () => Batch(32, new AugmentationPlan(true, 4))),
        new(
            "batch-imagenet",
            $"batch of {BatchSize} from memory, 224x224, resized crop, flip, colour jitter",
            BatchSize,
            () => Batch(224, new AugmentationPlan(true, 0, true, new ColorJitter(0.2, 0.2, 0.2, 0.1)))),
        new("draw-and-count", $"draw {Draws} structures of MobileNetV2 1.5x and count their FLOPs", Draws, Draw),
    ];

    private static Prepared Read(string folder, int size) =>
        new(() => ReadSet(folder, size), () => Directory.Delete(folder, recursive: true));

    private static ImageSet ReadSet(string folder, int size)
    {
        var ml = new MLContext(seed: 1);
        var files = ml.Data.LoadFromEnumerable(ImageFolder.List(folder));
        var data = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadImages("Features", null, "ImagePath"))
            .Append(ml.Transforms.ResizeImages("Features", size, size))
            .Fit(files)
            .Transform(files);
        return ImageSetReader.Read(data, "Label", "Features", new VectorImage(PixelLayout.Planar, 3, 0, 0), RunLog.None);
    }

    // The files are read once, as by Fit; what training waits for after that is the next batch.
    private static Prepared TrainOnFiles()
    {
        var folder = JpegFolder.Write(8 * TrainingBatch, 32, 32, Classes);
        var set = ReadSet(folder, 32);
        Directory.Delete(folder, recursive: true);
        var device = Machine.Device;
        var plan = new EpochPlan(set.Count, TrainingBatch);
        var order = Enumerable.Range(0, set.Count).ToArray();
        var batches = new BatchSource(set.Shape, Normalization.Of(set), device);
        var network = new SlimmableNetwork(NetworkZoo.CifarResNet(20).Describe(3, 32, 32, Classes), device, new RandomSource(1));
        var options = new DmcpSearchOptions { NumberOfEpochs = 1000 / plan.Batches };
        var trainer = new NetworkTrainer(network, options, new ImageBatches(set, batches, TrainingBatch), TrainingPhase.Train);
        var augmentation = new AugmentationPlan(true, 4, Jitter: new ColorJitter(0.2, 0.2, 0.2, 0.1));
        var ahead = new BatchesAhead(
            batches,
            plan.Size,
            0,
            int.MaxValue,
            (target, batch) => batches.Fill(target, set, plan.Batch(order, batch % plan.Batches), augmentation, new RandomSource(batch)));
        var iteration = 0;
        var waited = TimeSpan.Zero;
        var whole = Stopwatch.StartNew();
        return new Prepared(() =>
        {
            using (NewDisposeScope())
            {
                var before = whole.Elapsed;
                var batch = ahead.Next();
                waited += whole.Elapsed - before;
                trainer.Step(batch, iteration++ % 1000);
            }
            trainer.Means.Read();
        }, () =>
        {
            ahead.Dispose();
            trainer.Dispose();
            network.Dispose();
            batches.Dispose();
        })
        { WaitedShare = () => waited / whole.Elapsed };
    }

    private static Prepared Batch(int size, AugmentationPlan augmentation)
    {
        var set = RandomImages.Set(BatchSize, size, 10);
        var batches = new BatchSource(set.Shape, Normalization.Of(set), CPU);
        var random = new RandomSource(1);
        var order = Enumerable.Range(0, BatchSize).ToArray();
        return new Prepared(() =>
        {
            using var scope = NewDisposeScope();
            batches.Make(set, order, augmentation, random);
        }, batches.Dispose);
    }

    private static Prepared Draw()
    {
        var network = NetworkZoo.MobileNetV2(1.5).Describe(3, 224, 224, 1000);
        var blocks = network.Groups.Select(g => ChannelBlocks.Divide(g.Channels, new WidthRange(0.1, 1.5, 0.1))).ToArray();
        var chain = new MarkovChain(blocks, blocks.Select(b => Enumerable.Repeat(0.9, b.Blocks).ToArray()).ToArray());
        var (cost, random) = (NetworkCost.Flops(network), new RandomSource(1));
        return new Prepared(() =>
        {
            for (var i = 0; i < Draws; i++)
                cost.Count(chain.Draw(random));
        }, () => { });
    }
}
