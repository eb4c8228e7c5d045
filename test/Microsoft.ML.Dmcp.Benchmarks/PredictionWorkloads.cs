using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>
/// Predictions of a pruned CIFAR ResNet-20: one by one through PredictionEngine, in bulk through a cursor, and by the network called
/// directly.
/// </summary>
internal static class PredictionWorkloads
{
    private const int Size = 32, Classes = 10, Rows = 1024, BatchOfDirectCalls = 64;

    public static IEnumerable<Workload> All { get; } =
    [
        new("predict-one", "PredictionEngine, one image, half of CIFAR ResNet-20", 1, One),
        new("predict-one-direct", "the same network called directly, one image", 1, () => Direct(1)),
        new("predict-bulk", $"Transform and cursor, {Rows} images", Rows, Bulk),
        new(
            "predict-bulk-direct",
            $"the same network called directly, {Rows} images in batches of {BatchOfDirectCalls}",
            Rows,
            () => Direct(BatchOfDirectCalls)),
    ];

    private sealed class Image
    {
        [VectorType(Size * Size * 3)]
        public float[] Features { get; set; } = [];

        public string Name { get; set; } = "";
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }

    private static Prepared One()
    {
        var (ml, model, images) = Model();
        var engine = ml.Model.CreatePredictionEngine<Image, Scored>(model);
        var next = 0;
        return new Prepared(() => engine.Predict(images[next++ % images.Length]), engine.Dispose);
    }

    private static Prepared Bulk()
    {
        var (ml, model, images) = Model();
        var data = model.Transform(ml.Data.LoadFromEnumerable(images));
        return new Prepared(() =>
        {
            using var cursor = data.GetRowCursor([data.Schema["Score"]]);
            var getter = cursor.GetGetter<VBuffer<float>>(data.Schema["Score"]);
            VBuffer<float> score = default;
            while (cursor.MoveNext())
                getter(ref score);
        }, () => { });
    }

    private static Prepared Direct(int batchSize)
    {
        var config = UniformScaling.Find(Network, Budget.FlopsRatio(0.5));
        var set = RandomImages.Set(Rows, Size, Classes);
        var batches = new BatchSource(set.Shape, Normalization.Of(set), Machine.Device);
        var network = new SlimmableNetwork(Network.AtWidths(config.WidthsFor(Network)), Machine.Device, new RandomSource(1));
        var images = Enumerable.Range(0, Rows).Select(i => set.Images[i].ToArray()).ToArray();
        return new Prepared(() =>
        {
            using var noGradient = no_grad();
            for (var start = 0; start < (batchSize == 1 ? 1 : Rows); start += batchSize)
            {
                using var scope = NewDisposeScope();
                network.Run(batches.Make(images.Skip(start).Take(batchSize).ToArray()), new NetworkPass(NormStatistics.Running))
                    .softmax(1).cpu().data<float>().ToArray();
            }
        }, network.Dispose);
    }

    private static NetworkDescription Network => NetworkZoo.CifarResNet(20).Describe(3, Size, Size, Classes);

    private static (MLContext Context, ITransformer Model, Image[] Images) Model()
    {
        var ml = new MLContext(seed: 1);
        var set = RandomImages.Set(Rows, Size, Classes);
        var images = Enumerable.Range(0, set.Count).Select(i => new Image
        {
            Features = Array.ConvertAll(set.Images[i].ToArray(), b => (float)b),
            Name = FormattableString.Invariant($"class{set.Labels[i]}"),
        }).ToArray();
        var options = new PrunedRetrainOptions
        {
            ChannelConfig = UniformScaling.Find(Network, Budget.FlopsRatio(0.5)),
            VectorLayout = PixelLayout.Interleaved,
            NumberOfThreads = get_num_threads(),
            NumberOfEpochs = 1,
        };
        var trained = ml.Transforms.Conversion.MapValueToKey("Label", "Name").Append(ml.Transforms.PrunedRetrain(options))
            .Fit(ml.Data.LoadFromEnumerable(images.Take(128)));
        return (ml, trained.LastTransformer, images);
    }
}
