namespace Microsoft.ML.Dmcp.Estimators;

/// <summary>Finds our transformers in a model, which may be a chain of chains.</summary>
internal static class ModelParts
{
    /// <summary>The config of the last pruned network or search of a model.</summary>
    /// <exception cref="InvalidOperationException">The model has none.</exception>
    public static ChannelConfig ChannelConfigOf(ITransformer model) =>
        Of(model).Select(ConfigOf).LastOrDefault(config => config is not null)
        ?? throw new InvalidOperationException(
            $"The model has no channel config: it holds neither a channel search nor a pruned network, but {Describe(model)}.");

    /// <summary>The last pruned network of a model.</summary>
    /// <exception cref="InvalidOperationException">The model has none.</exception>
    public static PrunedNetworkTransformer PrunedNetworkOf(ITransformer model) =>
        Of(model).OfType<PrunedNetworkTransformer>().LastOrDefault()
        ?? throw new InvalidOperationException(
            $"The model has no pruned network, but {Describe(model)}: fit a pipeline with PrunedRetrain, or load the model of one.");

    /// <summary>All transformers of a model in the order in which they run; the model itself where it is no chain.</summary>
    public static IEnumerable<ITransformer> Of(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model is IEnumerable<ITransformer> chain ? chain.SelectMany(Of) : [model];
    }

    /// <summary>Rows as a network of a model gets them: behind the transforms before it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="network">Its network.</param>
    /// <param name="rows">What the model gets.</param>
    public static IDataView InputOf(ITransformer model, PrunedNetworkTransformer network, IDataView rows) =>
        Of(model).TakeWhile(part => part != network).Aggregate(rows, (view, part) => part.Transform(view));

    private static ChannelConfig? ConfigOf(ITransformer part) => part switch
    {
        PrunedNetworkTransformer pruned => pruned.ChannelConfig,
        ChannelSearchTransformer searched => searched.ChannelConfig,
        _ => null,
    };

    private static string Describe(ITransformer model)
    {
        var names = Of(model).Select(part => part.GetType().Name).ToArray();
        return names.Length == 0 ? "no transformer at all" : string.Join(", ", names);
    }
}
