using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Tests.Reports;

/// <summary>A searched and trained pipeline on tiny images in files, whose names mean harm; two seconds for all tests.</summary>
public sealed class ReportedPipeline : IDisposable
{
    public const int Epochs = 4;

    /// <summary>Names of classes, which are those of folders.</summary>
    public static IReadOnlyList<string> Classes { get; } =
        ["<script>alert(1)<", "a&lt;b\"' onload=", "Ünïcode 猫 🐈", new string('w', 200)];

    public ReportedPipeline()
    {
        var train = Write("train", 20, seed: 1);
        var search = new DmcpSearchOptions
        {
            Network = TestImages.Network,
            Budget = Budget.FlopsRatio(0.5).And(Budget.ParametersRatio(0.6)),
            NumberOfEpochs = Epochs,
            BatchSize = 16,
        };
        var retrain = new PrunedRetrainOptions { Network = TestImages.Network, NumberOfEpochs = Epochs, BatchSize = 16 };
        retrain.ValidationSetFraction = 0.2;
        Model = ML.Transforms.Conversion.MapValueToKey("Label")
            .Append(ML.Transforms.LoadImages("Features", null, "ImagePath"))
            .Append(ML.Transforms.DmcpSearch(search))
            .Append(ML.Transforms.PrunedRetrain(retrain))
            .Fit(ML.Data.LoadFromEnumerable(train));
        HeldOut = Write("held out", 10, seed: 2);
    }

    internal MLContext ML { get; } = new(seed: 1);

    internal string Folder { get; } = Directory.CreateTempSubdirectory("dmcp report ü").FullName;

    internal TransformerChain<PrunedNetworkTransformer> Model { get; }

    internal PrunedNetworkTransformer Network => Model.LastTransformer;

    internal ChannelSearchTransformer Search => Model.OfType<ChannelSearchTransformer>().Single();

    internal IReadOnlyList<ImageFile> HeldOut { get; }

    internal IDataView View(IEnumerable<ImageFile>? files = null) => ML.Data.LoadFromEnumerable(files ?? HeldOut);

    public void Dispose()
    {
        Model.LastTransformer.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private ImageFile[] Write(string name, int perClass, int seed)
    {
        var random = new RandomSource(seed);
        return Enumerable.Range(0, perClass * TestImages.Classes).Select(i =>
        {
            var label = i % TestImages.Classes;
            var folder = Directory.CreateDirectory(Path.Combine(Folder, name, Classes[label])).FullName;
            var path = Path.Combine(folder, $"{i} '><img src=x onerror=alert(1)>\u0007.png");
            // A third of the held-out images lies: there are errors to show.
            var drawn = seed == 2 && i % 3 == 0 ? (label + 1) % TestImages.Classes : label;
            using var image = TestImages.ToImage(TestImages.Pixels(drawn, random), TestImages.Size, TestImages.Size);
            image.Save(path);
            return new ImageFile { ImagePath = path, Label = Classes[label] };
        }).ToArray();
    }
}
