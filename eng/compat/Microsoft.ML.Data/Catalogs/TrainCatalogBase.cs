using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>What the catalogs of the training tasks share.</summary>
public abstract class TrainCatalogBase : IInternalCatalog
{
    private protected TrainCatalogBase(IHostEnvironment env, string registrationName)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckNonEmpty(registrationName, nameof(registrationName));
        Environment = env;
    }

    IHostEnvironment IInternalCatalog.Environment => Environment;

    private protected IHostEnvironment Environment { get; }

    private protected CrossValidationResult[] CrossValidateTrain(IDataView data, IEstimator<ITransformer> estimator, int numFolds,
        string samplingKeyColumn, int? seed = null)
    {
        Environment.CheckValue(data, nameof(data));
        Environment.CheckValue(estimator, nameof(estimator));
        Environment.CheckParam(numFolds > 1, nameof(numFolds), "Must be more than 1");
        return DataOperationsCatalog.CrossValidationSplit(Environment, data, numFolds, samplingKeyColumn, seed)
            .Select((split, fold) =>
            {
                var model = estimator.Fit(split.TrainSet);
                var scores = model is ITransformerChainAccessor chain
                    ? new TransformerChain<ITransformer>(chain.Transformers, chain.Scopes)
                        .Transform(split.TestSet, TransformerScope.Everything)
                    : model.Transform(split.TestSet);
                return new CrossValidationResult(model, scores, fold);
            })
            .ToArray();
    }

    private protected readonly struct CrossValidationResult(ITransformer model, IDataView scores, int fold)
    {
        public readonly ITransformer Model = model;
        public readonly IDataView Scores = scores;
        public readonly int Fold = fold;
    }

    /// <summary>The model of one fold, and its metrics on the rows held out.</summary>
    public sealed class CrossValidationResult<T>
        where T : class
    {
        public readonly T Metrics;
        public readonly ITransformer Model;
        public readonly IDataView ScoredHoldOutSet;
        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scores, int fold)
        {
            Model = model;
            Metrics = metrics;
            ScoredHoldOutSet = scores;
            Fold = fold;
        }
    }

    /// <summary>The trainers of one task; extension methods add to it.</summary>
    public abstract class CatalogInstantiatorBase : IInternalCatalog
    {
        private protected CatalogInstantiatorBase(TrainCatalogBase catalog)
        {
            Owner = catalog;
        }

        IHostEnvironment IInternalCatalog.Environment => Owner.GetEnvironment();

        internal TrainCatalogBase Owner { get; }
    }
}
