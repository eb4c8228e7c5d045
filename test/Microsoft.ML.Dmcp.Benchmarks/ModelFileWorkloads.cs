using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Data.Labels;
using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>Saving and loading a model of about 100 MB (ResNet-50, 25.6 million parameters).</summary>
internal static class ModelFileWorkloads
{
    private const int Size = 64, Classes = 1000;

    public static IEnumerable<Workload> All { get; } =
    [
        new("model-save", "mlContext.Model.Save, ResNet-50 (102 MB)", 1, Save),
        new("model-load", "mlContext.Model.Load, ResNet-50 (102 MB)", 1, Load),
    ];

    private static string ModelFile => Path.Combine(Path.GetTempPath(), "dmcp-benchmark-resnet50.zip");

    private static Prepared Save()
    {
        var (ml, model) = (new MLContext(seed: 1), Model());
        return new Prepared(() => ml.Model.Save(model, null, ModelFile), () =>
        {
            model.Dispose();
            File.Delete(ModelFile);
        });
    }

    // The file is written by another process, so that this one's peak memory is that of loading.
    private static Prepared Load()
    {
        if (!File.Exists(ModelFile))
            ChildProcess.Run(["write-model"]);
        var ml = new MLContext(seed: 1);
        return new Prepared(() => ((IDisposable)ml.Model.Load(ModelFile, out _)).Dispose(), () => File.Delete(ModelFile));
    }

    /// <summary>Writes the model that <c>model-load</c> loads.</summary>
    public static void Write()
    {
        using var model = Model();
        new MLContext(seed: 1).Model.Save(model, null, ModelFile);
    }

    private static PrunedNetworkTransformer Model()
    {
        var description = NetworkZoo.ResNet(50).Describe(3, Size, Size, Classes);
        var network = new SlimmableNetwork(description, CPU, new RandomSource(1));
        var config = UniformScaling.Find(description, Budget.FlopsRatio(1));
        var names = Enumerable.Range(0, Classes).Select(i => FormattableString.Invariant($"class{i}")).ToArray();
        var model = new PrunedModel(
            network, config, RetrainMethod.FromScratch, new Normalization([0, 0, 0], [1, 1, 1]), new ClassNames(names, null),
            new VectorImage(PixelLayout.Planar, 3, Size, Size), "Features", "Score", "PredictedLabel", null);
        return new PrunedNetworkTransformer((IHostEnvironment)new MLContext(seed: 1), model);
    }
}
