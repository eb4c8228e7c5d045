using Microsoft.ML.Dmcp;
using Microsoft.ML.Dmcp.Estimators.MLNet;

namespace Microsoft.ML;

/// <summary>Channel pruning for image classifiers: extension methods of ML.NET's catalogs.</summary>
public static class DmcpCatalog
{
    /// <summary>Searches how many channels every layer of a network needs within a budget (DMCP).</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">Name of the column of found widths, whose annotations carry the channel config on to <c>PrunedRetrain</c>.</param>
    /// <param name="labelColumnName">Name of the column of classes, a key.</param>
    /// <param name="featureColumnName">Name of the column of images, or of vectors of their pixels.</param>
    /// <param name="network">The unpruned network; CIFAR ResNet-20 when null.</param>
    /// <param name="budget">What the pruned network may cost; half of the unpruned network's FLOPs when null.</param>
    /// <param name="numberOfEpochs">Passes over the training images, half of which warm up.</param>
    public static DmcpSearchEstimator DmcpSearch(this TransformsCatalog catalog, string outputColumnName = ChannelSearchOptions.DefaultOutputColumnName,
        string labelColumnName = DefaultColumns.Label, string featureColumnName = DefaultColumns.Features, NetworkArchitecture? network = null, Budget? budget = null,
        int numberOfEpochs = TrainingOptions.DefaultNumberOfEpochs) =>
        DmcpSearch(catalog, SearchOptions(outputColumnName, labelColumnName, featureColumnName, network, budget, numberOfEpochs));

    /// <summary>Searches how many channels every layer of a network needs within a budget (DMCP).</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">How to search.</param>
    public static DmcpSearchEstimator DmcpSearch(this TransformsCatalog catalog, DmcpSearchOptions options) => new(Environment(catalog), options);

    /// <summary>Searches how many channels every layer of a network needs within a budget (DMCP). The same as <c>Transforms.DmcpSearch</c>.</summary>
    /// <param name="catalog">The trainers' catalog.</param>
    /// <param name="outputColumnName">Name of the column of found widths.</param>
    /// <param name="labelColumnName">Name of the column of classes, a key.</param>
    /// <param name="featureColumnName">Name of the column of images, or of vectors of their pixels.</param>
    /// <param name="network">The unpruned network; CIFAR ResNet-20 when null.</param>
    /// <param name="budget">What the pruned network may cost; half of the unpruned network's FLOPs when null.</param>
    /// <param name="numberOfEpochs">Passes over the training images, half of which warm up.</param>
    public static DmcpSearchEstimator DmcpSearch(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string outputColumnName = ChannelSearchOptions.DefaultOutputColumnName, string labelColumnName = DefaultColumns.Label,
        string featureColumnName = DefaultColumns.Features, NetworkArchitecture? network = null, Budget? budget = null,
        int numberOfEpochs = TrainingOptions.DefaultNumberOfEpochs) =>
        DmcpSearch(catalog, SearchOptions(outputColumnName, labelColumnName, featureColumnName, network, budget, numberOfEpochs));

    /// <summary>Searches how many channels every layer of a network needs within a budget (DMCP). The same as <c>Transforms.DmcpSearch</c>.</summary>
    /// <param name="catalog">The trainers' catalog.</param>
    /// <param name="options">How to search.</param>
    public static DmcpSearchEstimator DmcpSearch(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, DmcpSearchOptions options) =>
        new(Environment(catalog), options);

    /// <summary>Searches which channels of a network to keep within a budget by relaxed indicators (DAIS).</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="network">The unpruned network; CIFAR ResNet-20 when null.</param>
    /// <param name="budget">What the pruned network may cost; half of the unpruned network's FLOPs when null.</param>
    /// <param name="numberOfEpochs">Passes over the training images.</param>
    public static ChannelSearchEstimator DaisSearch(this TransformsCatalog catalog, NetworkArchitecture? network = null, Budget? budget = null,
        int numberOfEpochs = TrainingOptions.DefaultNumberOfEpochs) =>
        DaisSearch(catalog, Simple(new DaisSearchOptions(), network, budget, numberOfEpochs));

    /// <summary>Searches which channels of a network to keep within a budget by relaxed indicators (DAIS).</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">How to search.</param>
    public static ChannelSearchEstimator DaisSearch(this TransformsCatalog catalog, DaisSearchOptions options) => new(Environment(catalog), options);

    /// <summary>Searches channel widths by slimmable training and greedy slimming (AutoSlim).</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="network">The unpruned network; CIFAR ResNet-20 when null.</param>
    /// <param name="budget">What the pruned network may cost; half of the unpruned network's FLOPs when null.</param>
    /// <param name="numberOfEpochs">Passes over the training images.</param>
    public static ChannelSearchEstimator AutoSlimSearch(this TransformsCatalog catalog, NetworkArchitecture? network = null, Budget? budget = null,
        int numberOfEpochs = TrainingOptions.DefaultNumberOfEpochs) =>
        AutoSlimSearch(catalog, Simple(new AutoSlimOptions(), network, budget, numberOfEpochs));

    /// <summary>Searches channel widths by slimmable training and greedy slimming (AutoSlim).</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">How to search.</param>
    public static ChannelSearchEstimator AutoSlimSearch(this TransformsCatalog catalog, AutoSlimOptions options) => new(Environment(catalog), options);

    /// <summary>Keeps the most important filters of a trained network within a budget: by L1 norm, or by distance from the geometric median (FPGM).</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="network">The unpruned network; CIFAR ResNet-20 when null.</param>
    /// <param name="budget">What the pruned network may cost; half of the unpruned network's FLOPs when null.</param>
    /// <param name="numberOfEpochs">Passes over the training images.</param>
    public static ChannelSearchEstimator FilterPruning(this TransformsCatalog catalog, NetworkArchitecture? network = null, Budget? budget = null,
        int numberOfEpochs = TrainingOptions.DefaultNumberOfEpochs) =>
        FilterPruning(catalog, Simple(new FilterPruningOptions(), network, budget, numberOfEpochs));

    /// <summary>Keeps the most important filters of a trained network within a budget: by L1 norm, or by distance from the geometric median (FPGM).</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">How to search.</param>
    public static ChannelSearchEstimator FilterPruning(this TransformsCatalog catalog, FilterPruningOptions options) => new(Environment(catalog), options);

    /// <summary>Keeps the most important filters within a budget, silenced and recovered while training (SFP).</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="network">The unpruned network; CIFAR ResNet-20 when null.</param>
    /// <param name="budget">What the pruned network may cost; half of the unpruned network's FLOPs when null.</param>
    /// <param name="numberOfEpochs">Passes over the training images.</param>
    public static ChannelSearchEstimator SoftFilterPruning(this TransformsCatalog catalog, NetworkArchitecture? network = null, Budget? budget = null,
        int numberOfEpochs = TrainingOptions.DefaultNumberOfEpochs) =>
        SoftFilterPruning(catalog, Simple(new SoftFilterPruningOptions(), network, budget, numberOfEpochs));

    /// <summary>Keeps the most important filters within a budget, silenced and recovered while training (SFP).</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">How to search.</param>
    public static ChannelSearchEstimator SoftFilterPruning(this TransformsCatalog catalog, SoftFilterPruningOptions options) => new(Environment(catalog), options);

    /// <summary>Searches channel widths by evaluating random structures in the budget with the weights of a slimmable network.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="network">The unpruned network; CIFAR ResNet-20 when null.</param>
    /// <param name="budget">What the pruned network may cost; half of the unpruned network's FLOPs when null.</param>
    /// <param name="numberOfEpochs">Passes over the training images.</param>
    public static ChannelSearchEstimator RandomStructuresSearch(this TransformsCatalog catalog, NetworkArchitecture? network = null, Budget? budget = null,
        int numberOfEpochs = TrainingOptions.DefaultNumberOfEpochs) =>
        RandomStructuresSearch(catalog, Simple(new RandomStructuresOptions(), network, budget, numberOfEpochs));

    /// <summary>Searches channel widths by evaluating random structures in the budget with the weights of a slimmable network.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">How to search.</param>
    public static ChannelSearchEstimator RandomStructuresSearch(this TransformsCatalog catalog, RandomStructuresOptions options) => new(Environment(catalog), options);

    /// <summary>Searches channel widths by evolution over the structures of a slimmable network.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="network">The unpruned network; CIFAR ResNet-20 when null.</param>
    /// <param name="budget">What the pruned network may cost; half of the unpruned network's FLOPs when null.</param>
    /// <param name="numberOfEpochs">Passes over the training images.</param>
    public static ChannelSearchEstimator EvolutionarySearch(this TransformsCatalog catalog, NetworkArchitecture? network = null, Budget? budget = null,
        int numberOfEpochs = TrainingOptions.DefaultNumberOfEpochs) =>
        EvolutionarySearch(catalog, Simple(new EvolutionarySearchOptions(), network, budget, numberOfEpochs));

    /// <summary>Searches channel widths by evolution over the structures of a slimmable network.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">How to search.</param>
    public static ChannelSearchEstimator EvolutionarySearch(this TransformsCatalog catalog, EvolutionarySearchOptions options) => new(Environment(catalog), options);

    /// <summary>Narrows all channel groups by the same factor until the budget is met: the baseline that needs no search.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="network">The unpruned network; CIFAR ResNet-20 when null.</param>
    /// <param name="budget">What the pruned network may cost; half of the unpruned network's FLOPs when null.</param>
    public static ChannelSearchEstimator UniformScaling(this TransformsCatalog catalog, NetworkArchitecture? network = null, Budget? budget = null) =>
        UniformScaling(catalog, UniformOptions(network, budget));

    /// <summary>Narrows all channel groups by the same factor until the budget is met: the baseline that needs no search.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">Network, budget, and weights to hand on.</param>
    public static ChannelSearchEstimator UniformScaling(this TransformsCatalog catalog, UniformScalingOptions options) => new(Environment(catalog), options);

    /// <summary>Trains the network of a channel config from scratch.</summary>
    /// <param name="catalog">The trainers' catalog.</param>
    /// <param name="labelColumnName">Name of the column of classes, a key.</param>
    /// <param name="featureColumnName">Name of the column of images, or of vectors of their pixels.</param>
    /// <param name="scoreColumnName">Name of the column of probabilities.</param>
    /// <param name="predictedLabelColumnName">Name of the column of the likeliest class.</param>
    /// <param name="channelConfig">The widths; when null, those that a search earlier in the pipeline found.</param>
    /// <param name="numberOfEpochs">Passes over the training images.</param>
    public static PrunedRetrainEstimator PrunedRetrain(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = DefaultColumns.Label, string featureColumnName = DefaultColumns.Features, string scoreColumnName = DefaultColumns.Score,
        string predictedLabelColumnName = DefaultColumns.PredictedLabel, ChannelConfig? channelConfig = null,
        int numberOfEpochs = TrainingOptions.DefaultNumberOfEpochs) =>
        PrunedRetrain(catalog, RetrainOptions(labelColumnName, featureColumnName, scoreColumnName, predictedLabelColumnName, channelConfig, numberOfEpochs));

    /// <summary>Trains the network of a channel config from scratch.</summary>
    /// <param name="catalog">The trainers' catalog.</param>
    /// <param name="options">How to train.</param>
    public static PrunedRetrainEstimator PrunedRetrain(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, PrunedRetrainOptions options) =>
        new(Environment(catalog), options);

    /// <summary>Trains the network of a channel config from scratch. The same as <c>MulticlassClassification.Trainers.PrunedRetrain</c>.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="labelColumnName">Name of the column of classes, a key.</param>
    /// <param name="featureColumnName">Name of the column of images, or of vectors of their pixels.</param>
    /// <param name="scoreColumnName">Name of the column of probabilities.</param>
    /// <param name="predictedLabelColumnName">Name of the column of the likeliest class.</param>
    /// <param name="channelConfig">The widths; when null, those that a search earlier in the pipeline found.</param>
    /// <param name="numberOfEpochs">Passes over the training images.</param>
    public static PrunedRetrainEstimator PrunedRetrain(this TransformsCatalog catalog, string labelColumnName = DefaultColumns.Label,
        string featureColumnName = DefaultColumns.Features, string scoreColumnName = DefaultColumns.Score,
        string predictedLabelColumnName = DefaultColumns.PredictedLabel, ChannelConfig? channelConfig = null,
        int numberOfEpochs = TrainingOptions.DefaultNumberOfEpochs) =>
        PrunedRetrain(catalog, RetrainOptions(labelColumnName, featureColumnName, scoreColumnName, predictedLabelColumnName, channelConfig, numberOfEpochs));

    /// <summary>Trains the network of a channel config from scratch. The same as <c>MulticlassClassification.Trainers.PrunedRetrain</c>.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">How to train.</param>
    public static PrunedRetrainEstimator PrunedRetrain(this TransformsCatalog catalog, PrunedRetrainOptions options) => new(Environment(catalog), options);

    /// <summary>Saves the channel config that a model was trained with, or that a search in it found.</summary>
    /// <param name="catalog">The catalog of model operations.</param>
    /// <param name="model">A fitted search or retraining, or a pipeline with one.</param>
    /// <param name="filePath">The file; replaced if it exists, whole or not at all.</param>
    /// <exception cref="InvalidOperationException">The model has no channel config.</exception>
    public static void SaveChannelConfig(this ModelOperationsCatalog catalog, ITransformer model, string filePath)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        var config = Members(model).Select(t => t switch { PrunedNetworkTransformer pruned => pruned.ChannelConfig, ChannelSearchTransformer searched => searched.ChannelConfig, _ => null }).LastOrDefault(c => c is not null)
            ?? throw new InvalidOperationException("The model has no channel config: it holds neither a channel search nor a pruned network.");
        config.Save(filePath);
    }

    /// <summary>Reads a channel config and validates it.</summary>
    /// <param name="catalog">The catalog of model operations.</param>
    /// <param name="filePath">The file.</param>
    /// <exception cref="FormatException">The file is no channel config.</exception>
    public static ChannelConfig LoadChannelConfig(this ModelOperationsCatalog catalog, string filePath)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return ChannelConfig.Load(filePath);
    }

    private static IEnumerable<ITransformer> Members(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Members) : [model];

    private static Runtime.IHostEnvironment Environment(object catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return MLNetInternals.Environment(catalog);
    }

    private static TOptions Simple<TOptions>(TOptions options, NetworkArchitecture? network, Budget? budget, int epochs) where TOptions : ChannelSearchOptions
    {
        (options.Network, options.Budget, options.NumberOfEpochs) = (network ?? options.Network, budget ?? options.Budget, epochs);
        return options;
    }

    private static UniformScalingOptions UniformOptions(NetworkArchitecture? network, Budget? budget)
    {
        var options = new UniformScalingOptions();
        options.Network = network ?? options.Network;
        options.Budget = budget ?? options.Budget;
        return options;
    }

    private static DmcpSearchOptions SearchOptions(string output, string label, string features, NetworkArchitecture? network, Budget? budget, int epochs) =>
        Simple(new DmcpSearchOptions { OutputColumnName = output, LabelColumnName = label, FeatureColumnName = features }, network, budget, epochs);

    private static PrunedRetrainOptions RetrainOptions(string label, string features, string score, string predictedLabel, ChannelConfig? config, int epochs) => new()
    {
        LabelColumnName = label,
        FeatureColumnName = features,
        ScoreColumnName = score,
        PredictedLabelColumnName = predictedLabel,
        ChannelConfig = config,
        NumberOfEpochs = epochs,
    };
}
