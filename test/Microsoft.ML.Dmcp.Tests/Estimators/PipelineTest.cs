using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>A pipeline on the tiny images.</summary>
public abstract class PipelineTest : IDisposable
{
    private protected MLContext ML { get; } = new(seed: 1);

    private protected string Folder { get; } = Directory.CreateTempSubdirectory("dmcp-pipeline").FullName;

    private protected static NetworkDescription Network { get; } = TestImages.Network.Describe(
        3, TestImages.Size, TestImages.Size, TestImages.Classes);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private protected IEstimator<ITransformer> Label() =>
        ML.Transforms.Conversion.MapValueToKey(
            "Label", "Name", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue);

    private protected EstimatorChain<DmcpSearchTransformer> Search() => Label().Append(ML.Transforms.DmcpSearch(SearchSettings()));

    private protected static DmcpSearchOptions SearchSettings(int epochs = 6) => new()
    {
        Network = TestImages.Network,
        Budget = Budget.FlopsRatio(0.5),
        FeatureColumnName = nameof(VectorRow.Pixels),
        VectorLayout = PixelLayout.Interleaved,
        NumberOfEpochs = epochs,
        BatchSize = 32,
    };

    private protected static PrunedRetrainOptions Retrain(ChannelConfig? config = null, int epochs = 6) => new()
    {
        ChannelConfig = config,
        Network = TestImages.Network,
        FeatureColumnName = nameof(VectorRow.Pixels),
        VectorLayout = PixelLayout.Interleaved,
        NumberOfEpochs = epochs,
        BatchSize = 32,
    };

    private protected PredictionRow[] Predict(ITransformer model, IDataView data) =>
        ML.Data.CreateEnumerable<PredictionRow>(model.Transform(data), reuseRowObject: false).ToArray();
}
