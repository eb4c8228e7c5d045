namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>Options for the tiny images, and their rows with a key as label.</summary>
internal static class TinyPipeline
{
    public static DmcpSearchOptions Search(int epochs = 1) => new()
    {
        Network = TestImages.Network,
        Budget = Budget.FlopsRatio(0.5),
        FeatureColumnName = nameof(VectorRow.Pixels),
        VectorLayout = PixelLayout.Interleaved,
        NumberOfEpochs = epochs,
        BatchSize = 16,
        EvaluationShare = 0,
    };

    /// <summary>With the config of a search earlier in the pipeline.</summary>
    public static PrunedRetrainOptions RetrainFound(int epochs = 1) => new()
    {
        FeatureColumnName = nameof(VectorRow.Pixels),
        VectorLayout = PixelLayout.Interleaved,
        NumberOfEpochs = epochs,
        BatchSize = 16,
    };

    /// <summary>With a config of its own.</summary>
    public static PrunedRetrainOptions Retrain(int epochs = 1)
    {
        var options = RetrainFound(epochs);
        options.Network = TestImages.Network;
        options.ChannelConfig = Config();
        return options;
    }

    public static ChannelConfig Config() =>
        UniformScaling.Find(TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes), Budget.FlopsRatio(0.5));

    /// <summary>The estimator that is called so.</summary>
    public static IEstimator<ITransformer> Estimator(MLContext ml, string name) =>
        name == "search" ? ml.Transforms.DmcpSearch(Search()) : ml.MulticlassClassification.Trainers.PrunedRetrain(Retrain());

    public static IEstimator<ITransformer> Label(MLContext ml) => ml.Transforms.Conversion.MapValueToKey("Label", nameof(VectorRow.Name));

    public static IDataView Labelled(MLContext ml, int count = 64, int seed = 1)
    {
        var rows = ml.Data.LoadFromEnumerable(TestImages.Rows(count, seed));
        return Label(ml).Fit(rows).Transform(rows);
    }
}
