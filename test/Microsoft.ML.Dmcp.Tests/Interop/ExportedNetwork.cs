using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Data.Labels;
using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>
/// A network with drawn weights and with statistics of pictures: what the product makes of images, and what ONNX Runtime makes of them by
/// the exported file.
/// </summary>
internal sealed class ExportedNetwork : IDisposable
{
    public static readonly string[] ClassNames = ["düne", "sand \"dry\"", "c,d", "e", "f"];

    /// <summary>Mean and deviation of the colours.</summary>
    public static readonly float[] Mean = [101.5f, 120, 99.25f], Deviation = [61, 58.5f, 70];

    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-onnx").FullName;
    private readonly MLContext _ml = new(seed: 1);
    private readonly SlimmableNetwork _network;
    private readonly Normalization _normalization;

    /// <param name="unpruned">The network.</param>
    /// <param name="kept">The kept channels of every group; null for all.</param>
    /// <param name="images">Pixels of images, planar, that the statistics are of.</param>
    public ExportedNetwork(NetworkDescription unpruned, IReadOnlyList<IReadOnlyList<int>>? kept, IReadOnlyList<float[]> images)
    {
        var input = unpruned.Input;
        _normalization = new Normalization(Mean[..input.Channels], Deviation[..input.Channels]);
        kept ??= unpruned.FullWidths.Select(w => (IReadOnlyList<int>)Enumerable.Range(0, w).ToArray()).ToArray();
        using (var whole = new SlimmableNetwork(unpruned, CPU, new RandomSource(7)))
        {
            DrawNorms(whole);
            _network = whole.Slice(kept);
        }
        using (var scope = NewDisposeScope())
        using (no_grad())
            _network.Run(Normalized(images), new NetworkPass(NormStatistics.BatchTracked, Momentum: 1));
        var model = new PrunedModel(
            _network, ChannelConfig.OfKept(unpruned, kept, new SearchMethod("test", new Dictionary<string, string>())),
            RetrainMethod.FromScratch, _normalization,
            new ClassNames(ClassNames, ClassNameType.Find("String")),
            new VectorImage(PixelLayout.Planar, input.Channels, input.Height, input.Width),
            nameof(PlanarRow.Pixels), "Score", "PredictedLabel", nameof(EmbeddedRow.Embedding));
        Model = new PrunedNetworkTransformer((IHostEnvironment)_ml, model);
    }

    /// <summary>The model, whose column of images holds vectors of pixels.</summary>
    public PrunedNetworkTransformer Model { get; }

    /// <summary>The last half of every group: what no prefix of the channels gives.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> LastHalves(NetworkDescription network) =>
        [.. network.FullWidths.Select(w => (IReadOnlyList<int>)Enumerable.Range(w / 2, w - w / 2).ToArray())];

    /// <summary>The first half of every group.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> FirstHalves(NetworkDescription network) =>
        [.. network.FullWidths.Select(w => (IReadOnlyList<int>)Enumerable.Range(0, (w + 1) / 2).ToArray())];

    /// <summary>What the product predicts.</summary>
    public EmbeddedRow[] Predict(IReadOnlyList<float[]> images) =>
        _ml.Data.CreateEnumerable<EmbeddedRow>(Model.Transform(Rows(images)), reuseRowObject: false).ToArray();

    /// <summary>Rows of images as the model reads them.</summary>
    public IDataView Rows(IReadOnlyList<float[]> images)
    {
        var schema = SchemaDefinition.Create(typeof(PlanarRow));
        schema[nameof(PlanarRow.Pixels)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, images[0].Length);
        return _ml.Data.LoadFromEnumerable(images.Select(pixels => new PlanarRow { Pixels = pixels }).ToArray(), schema);
    }

    /// <summary>The scores without softmax.</summary>
    public float[] Logits(IReadOnlyList<float[]> images)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return Elements(_network.Run(Normalized(images), new NetworkPass(NormStatistics.Running)));
    }

    /// <summary>The file that options make.</summary>
    public string Export(OnnxExportOptions? options = null)
    {
        var path = Path.Combine(_folder, "network.onnx");
        _ml.Model.SaveAsOnnx(Model, path, options);
        return path;
    }

    /// <summary>What ONNX Runtime makes of images by the file of the options: all outputs in their order.</summary>
    public float[][] Run(IReadOnlyList<float[]> images, OnnxExportOptions options)
    {
        using var session = Open(Export(options));
        float[] pixels;
        using (var scope = NewDisposeScope())
            pixels = options.NormalizePixels ? [.. images.SelectMany(i => i)] : Elements(Normalized(images));
        using var tensor = OrtValue.CreateTensorValueFromMemory(pixels, ShapeOf(images));
        using var run = new OnnxRuntime.RunOptions();
        using var results = session.Run(run, [options.InputName], [tensor], session.OutputNames);
        return [.. results.Select(result => result.GetTensorDataAsSpan<float>().ToArray())];
    }

    /// <summary>Opens a file in ONNX Runtime, on one thread: the others are libtorch's.</summary>
    public static InferenceSession Open(string path)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        return new InferenceSession(path, options);
    }

    public void Dispose()
    {
        Model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // Scales, shifts and biases that a fresh network has at 1 and 0.
    private static void DrawNorms(SlimmableNetwork network)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var generator = new Generator(3);
        foreach (var (name, parameter) in network.named_parameters())
            if (parameter.dim() == 1)
                parameter.copy_(rand(parameter.shape, ScalarType.Float32, CPU, false, generator).add(name.EndsWith("weight") ? 0.5 : -0.5));
    }

    private Tensor Normalized(IReadOnlyList<float[]> images)
    {
        var pixels = tensor(images.SelectMany(i => i).ToArray(), ShapeOf(images));
        var mean = tensor(_normalization.Mean.ToArray()).view(1, -1, 1, 1);
        return pixels.sub(mean).mul(tensor(_normalization.Deviation.Select(d => 1 / d).ToArray()).view(1, -1, 1, 1));
    }

    private long[] ShapeOf(IReadOnlyList<float[]> images)
    {
        var input = _network.Description.Input;
        return [images.Count, input.Channels, input.Height, input.Width];
    }

    private static float[] Elements(Tensor values) => values.contiguous().data<float>().ToArray();
}
