using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Networks;
using Microsoft.ML.Dmcp.Search;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>What stands beside the network: reading images, making batches, counting costs and drawing structures.</summary>
internal static class DataWorkloads
{
    private const int Images = 240, BatchSize = 64, Draws = 3000;

    public static IEnumerable<Workload> All { get; } =
    [
        new("read-images", $"read {Images} PNG files of 32x32 through an ML.NET pipeline", Images, Read),
        new("batch", $"batch of {BatchSize} from memory, 32x32, flip and crop", BatchSize, () => Batch(32, new Augmentation(true, 4))),
        new("batch-imagenet", $"batch of {BatchSize} from memory, 224x224, resized crop, flip, colour jitter", BatchSize, () => Batch(224, new Augmentation(true, 0, true, new ColorJitter(0.2, 0.2, 0.2, 0.1)))),
        new("draw-and-count", $"draw {Draws} structures of MobileNetV2 1.5x and count their FLOPs", Draws, Draw),
    ];

    private static Prepared Read()
    {
        var folder = Directory.CreateTempSubdirectory("dmcp-benchmark").FullName;
        DrawnShapes.WriteFolder(folder, Images / DrawnShapes.ClassNames.Count, seed: 1);
        var ml = new MLContext(seed: 1);
        var files = ml.Data.LoadFromEnumerable(ImageFolder.List(folder));
        var data = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Transforms.LoadImages("Features", null, "ImagePath")).Append(ml.Transforms.ResizeImages("Features", 32, 32)).Fit(files).Transform(files);
        return new Prepared(() => ImageSetReader.Read(data, "Label", "Features", new VectorImage(PixelLayout.Planar, 3, 0, 0), new RunLog(_ => { }, _ => { }), default), () => Directory.Delete(folder, recursive: true));
    }

    private static Prepared Batch(int size, Augmentation augmentation)
    {
        var set = RandomImages.Set(BatchSize, size, 10);
        var (batches, random, order) = (new BatchSource(set.Shape, Normalization.Of(set), CPU), new RandomSource(1), Enumerable.Range(0, BatchSize).ToArray());
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
