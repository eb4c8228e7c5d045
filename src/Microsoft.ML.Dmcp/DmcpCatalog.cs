using Microsoft.ML.Dmcp;
using Microsoft.ML.Dmcp.Estimators;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using static Microsoft.ML.Dmcp.Estimators.MLNet.DefaultColumns;
using MulticlassTrainers = Microsoft.ML.MulticlassClassificationCatalog.MulticlassClassificationTrainers;

namespace Microsoft.ML;

/// <summary>Channel pruning for image classifiers: extension methods of ML.NET's catalogs.</summary>
public static class DmcpCatalog
{
    private const string Widths = ChannelSearchOptions.DefaultOutputColumnName;
    private const int Epochs = TrainingOptions.DefaultNumberOfEpochs;

    /// <summary>Searches how many channels every layer of a network needs within a budget (DMCP).</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">
    /// Name of the column of found widths, whose annotations carry the channel config on to <c>PrunedRetrain</c>. Default "ChannelWidths".
    /// </param>
    /// <param name="labelColumnName">Name of the column of classes, a key. Default "Label".</param>
    /// <param name="featureColumnName">Name of the column of images, or of vectors of their pixels. Default "Features".</param>
    /// <param name="network">The unpruned network. Default (null) <c>NetworkZoo.CifarResNet(20)</c>.</param>
    /// <param name="budget">What the pruned network may cost. Default (null) half of the unpruned network's FLOPs.</param>
    /// <param name="numberOfEpochs">Passes over the training images, half of which warm up. Default 40.</param>
    public static DmcpSearchEstimator DmcpSearch(
        this TransformsCatalog catalog, string outputColumnName = Widths,
        string labelColumnName = Label, string featureColumnName = Features,
        NetworkArchitecture? network = null, Budget? budget = null, int numberOfEpochs = Epochs) =>
        new(Environment(catalog), DmcpOptions(outputColumnName, labelColumnName, featureColumnName, network, budget, numberOfEpochs));

    /// <summary>Searches how many channels every layer of a network needs within a budget (DMCP).</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">How to search.</param>
    public static DmcpSearchEstimator DmcpSearch(this TransformsCatalog catalog, DmcpSearchOptions options) =>
        new(Environment(catalog), options);

    /// <inheritdoc cref="DmcpSearch(TransformsCatalog, string, string, string, NetworkArchitecture, Budget, int)"/>
    /// <remarks>The same as <c>Transforms.DmcpSearch</c>.</remarks>
    public static DmcpSearchEstimator DmcpSearch(
        this MulticlassTrainers catalog, string outputColumnName = Widths,
        string labelColumnName = Label, string featureColumnName = Features,
        NetworkArchitecture? network = null, Budget? budget = null, int numberOfEpochs = Epochs) =>
        new(Environment(catalog), DmcpOptions(outputColumnName, labelColumnName, featureColumnName, network, budget, numberOfEpochs));

    /// <inheritdoc cref="DmcpSearch(TransformsCatalog, DmcpSearchOptions)"/>
    /// <remarks>The same as <c>Transforms.DmcpSearch</c>.</remarks>
    public static DmcpSearchEstimator DmcpSearch(this MulticlassTrainers catalog, DmcpSearchOptions options) =>
        new(Environment(catalog), options);

    /// <summary>Searches which channels of a network to keep within a budget by relaxed indicators (DAIS).</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="network">The unpruned network. Default (null) <c>NetworkZoo.CifarResNet(20)</c>.</param>
    /// <param name="budget">What the pruned network may cost. Default (null) half of the unpruned network's FLOPs.</param>
    /// <param name="numberOfEpochs">Passes over the training images. Default 40.</param>
    public static ChannelSearchEstimator DaisSearch(
        this TransformsCatalog catalog, NetworkArchitecture? network = null, Budget? budget = null, int numberOfEpochs = Epochs) =>
        SearchBy<DaisSearchOptions>(catalog, network, budget, numberOfEpochs);

    /// <summary>Searches which channels of a network to keep within a budget by relaxed indicators (DAIS).</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">How to search.</param>
    public static ChannelSearchEstimator DaisSearch(this TransformsCatalog catalog, DaisSearchOptions options) =>
        new(Environment(catalog), options);

    /// <summary>Searches channel widths by slimmable training and greedy slimming (AutoSlim).</summary>
    /// <inheritdoc cref="DaisSearch(TransformsCatalog, NetworkArchitecture, Budget, int)" path="/param"/>
    public static ChannelSearchEstimator AutoSlimSearch(
        this TransformsCatalog catalog, NetworkArchitecture? network = null, Budget? budget = null, int numberOfEpochs = Epochs) =>
        SearchBy<AutoSlimOptions>(catalog, network, budget, numberOfEpochs);

    /// <inheritdoc cref="AutoSlimSearch(TransformsCatalog, NetworkArchitecture, Budget, int)" path="/summary"/>
    /// <inheritdoc cref="DaisSearch(TransformsCatalog, DaisSearchOptions)" path="/param"/>
    public static ChannelSearchEstimator AutoSlimSearch(this TransformsCatalog catalog, AutoSlimOptions options) =>
        new(Environment(catalog), options);

    /// <summary>
    /// Keeps the most important filters of a trained network within a budget: by L1 norm, distance from the geometric median (FPGM) or what
    /// the loss changes without them (Taylor); layer by layer or in one ranking; at once or in steps.
    /// </summary>
    /// <inheritdoc cref="DaisSearch(TransformsCatalog, NetworkArchitecture, Budget, int)" path="/param"/>
    public static ChannelSearchEstimator FilterPruning(
        this TransformsCatalog catalog, NetworkArchitecture? network = null, Budget? budget = null, int numberOfEpochs = Epochs) =>
        SearchBy<FilterPruningOptions>(catalog, network, budget, numberOfEpochs);

    /// <inheritdoc cref="FilterPruning(TransformsCatalog, NetworkArchitecture, Budget, int)" path="/summary"/>
    /// <inheritdoc cref="DaisSearch(TransformsCatalog, DaisSearchOptions)" path="/param"/>
    public static ChannelSearchEstimator FilterPruning(this TransformsCatalog catalog, FilterPruningOptions options) =>
        new(Environment(catalog), options);

    /// <summary>Keeps the most important filters within a budget; the others, set to zero while training, may recover (SFP).</summary>
    /// <inheritdoc cref="DaisSearch(TransformsCatalog, NetworkArchitecture, Budget, int)" path="/param"/>
    public static ChannelSearchEstimator SoftFilterPruning(
        this TransformsCatalog catalog, NetworkArchitecture? network = null, Budget? budget = null, int numberOfEpochs = Epochs) =>
        SearchBy<SoftFilterPruningOptions>(catalog, network, budget, numberOfEpochs);

    /// <inheritdoc cref="SoftFilterPruning(TransformsCatalog, NetworkArchitecture, Budget, int)" path="/summary"/>
    /// <inheritdoc cref="DaisSearch(TransformsCatalog, DaisSearchOptions)" path="/param"/>
    public static ChannelSearchEstimator SoftFilterPruning(this TransformsCatalog catalog, SoftFilterPruningOptions options) =>
        new(Environment(catalog), options);

    /// <summary>Searches channel widths by evaluating random structures in the budget with the weights of a slimmable network.</summary>
    /// <inheritdoc cref="DaisSearch(TransformsCatalog, NetworkArchitecture, Budget, int)" path="/param"/>
    public static ChannelSearchEstimator RandomStructuresSearch(
        this TransformsCatalog catalog, NetworkArchitecture? network = null, Budget? budget = null, int numberOfEpochs = Epochs) =>
        SearchBy<RandomStructuresOptions>(catalog, network, budget, numberOfEpochs);

    /// <inheritdoc cref="RandomStructuresSearch(TransformsCatalog, NetworkArchitecture, Budget, int)" path="/summary"/>
    /// <inheritdoc cref="DaisSearch(TransformsCatalog, DaisSearchOptions)" path="/param"/>
    public static ChannelSearchEstimator RandomStructuresSearch(this TransformsCatalog catalog, RandomStructuresOptions options) =>
        new(Environment(catalog), options);

    /// <summary>Searches channel widths by evolution over the structures of a slimmable network.</summary>
    /// <inheritdoc cref="DaisSearch(TransformsCatalog, NetworkArchitecture, Budget, int)" path="/param"/>
    public static ChannelSearchEstimator EvolutionarySearch(
        this TransformsCatalog catalog, NetworkArchitecture? network = null, Budget? budget = null, int numberOfEpochs = Epochs) =>
        SearchBy<EvolutionarySearchOptions>(catalog, network, budget, numberOfEpochs);

    /// <inheritdoc cref="EvolutionarySearch(TransformsCatalog, NetworkArchitecture, Budget, int)" path="/summary"/>
    /// <inheritdoc cref="DaisSearch(TransformsCatalog, DaisSearchOptions)" path="/param"/>
    public static ChannelSearchEstimator EvolutionarySearch(this TransformsCatalog catalog, EvolutionarySearchOptions options) =>
        new(Environment(catalog), options);

    /// <summary>Narrows all channel groups by the same factor until the budget is met: the baseline that needs no search.</summary>
    /// <inheritdoc cref="DaisSearch(TransformsCatalog, NetworkArchitecture, Budget, int)" path="/param[@name!='numberOfEpochs']"/>
    public static ChannelSearchEstimator UniformScaling(
        this TransformsCatalog catalog, NetworkArchitecture? network = null, Budget? budget = null)
    {
        var options = new UniformScalingOptions();
        options.Network = network ?? options.Network;
        options.Budget = budget ?? options.Budget;
        return catalog.UniformScaling(options);
    }

    /// <inheritdoc cref="UniformScaling(TransformsCatalog, NetworkArchitecture, Budget)" path="/summary"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Network, budget, and weights for fine-tuning.</param>
    public static ChannelSearchEstimator UniformScaling(this TransformsCatalog catalog, UniformScalingOptions options) =>
        new(Environment(catalog), options);

    /// <summary>Trains the network of a channel config from scratch.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">Name of the column of classes, a key. Default "Label".</param>
    /// <param name="featureColumnName">Name of the column of images, or of vectors of their pixels. Default "Features".</param>
    /// <param name="scoreColumnName">Name of the column of probabilities. Default "Score".</param>
    /// <param name="predictedLabelColumnName">Name of the column of the likeliest class. Default "PredictedLabel".</param>
    /// <param name="channelConfig">The widths. Default (null) those that a search earlier in the pipeline found.</param>
    /// <param name="numberOfEpochs">Passes over the training images. Default 40.</param>
    public static PrunedRetrainEstimator PrunedRetrain(
        this MulticlassTrainers catalog, string labelColumnName = Label, string featureColumnName = Features,
        string scoreColumnName = Score, string predictedLabelColumnName = PredictedLabel,
        ChannelConfig? channelConfig = null, int numberOfEpochs = Epochs) =>
        catalog.PrunedRetrain(RetrainOptions(
            labelColumnName, featureColumnName, scoreColumnName, predictedLabelColumnName, channelConfig, numberOfEpochs));

    /// <summary>Trains the network of a channel config, from scratch or from the weights of a search.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">How to train.</param>
    public static PrunedRetrainEstimator PrunedRetrain(this MulticlassTrainers catalog, PrunedRetrainOptions options) =>
        new(Environment(catalog), options);

    /// <inheritdoc cref="PrunedRetrain(MulticlassTrainers, string, string, string, string, ChannelConfig, int)"/>
    /// <remarks>The same as <c>MulticlassClassification.Trainers.PrunedRetrain</c>.</remarks>
    public static PrunedRetrainEstimator PrunedRetrain(
        this TransformsCatalog catalog, string labelColumnName = Label, string featureColumnName = Features,
        string scoreColumnName = Score, string predictedLabelColumnName = PredictedLabel,
        ChannelConfig? channelConfig = null, int numberOfEpochs = Epochs) =>
        catalog.PrunedRetrain(RetrainOptions(
            labelColumnName, featureColumnName, scoreColumnName, predictedLabelColumnName, channelConfig, numberOfEpochs));

    /// <inheritdoc cref="PrunedRetrain(MulticlassTrainers, PrunedRetrainOptions)"/>
    /// <remarks>The same as <c>MulticlassClassification.Trainers.PrunedRetrain</c>.</remarks>
    public static PrunedRetrainEstimator PrunedRetrain(this TransformsCatalog catalog, PrunedRetrainOptions options) =>
        new(Environment(catalog), options);

    /// <summary>Saves the channel config that a model was trained with, or that a search in it found.</summary>
    /// <param name="catalog">The catalog of model operations.</param>
    /// <param name="model">A fitted search or retraining, or a pipeline with one.</param>
    /// <param name="filePath">The file; replaced if it exists, whole or not at all.</param>
    /// <exception cref="InvalidOperationException">The model has no channel config.</exception>
    public static void SaveChannelConfig(this ModelOperationsCatalog catalog, ITransformer model, string filePath)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ModelParts.ChannelConfigOf(model).Save(filePath);
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

    /// <summary>The pruned network of a model: its classes, its channel config, and the likeliest classes of a row's scores.</summary>
    /// <param name="catalog">The catalog of model operations.</param>
    /// <param name="model">A fitted or loaded model: a retrained network, or a pipeline with one.</param>
    /// <exception cref="InvalidOperationException">The model has no pruned network; the message says what it has.</exception>
    public static PrunedNetworkTransformer GetPrunedNetwork(this ModelOperationsCatalog catalog, ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return ModelParts.PrunedNetworkOf(model);
    }

    /// <summary>What classifies images in memory by a model, on any number of threads.</summary>
    /// <param name="catalog">The catalog of model operations.</param>
    /// <param name="model">
    /// A fitted or loaded model: a retrained network, or a pipeline with one. It stays the caller's to dispose of.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// The model has no pruned network, or before it a transform that may change the images in a way of its own; the message names it.
    /// </exception>
    public static ImageClassifier CreateImageClassifier(this ModelOperationsCatalog catalog, ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new ImageClassifier(model);
    }

    private static Runtime.IHostEnvironment Environment(object catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return MLNetInternals.Environment(catalog);
    }

    private static ChannelSearchEstimator SearchBy<TOptions>(
        TransformsCatalog catalog, NetworkArchitecture? network, Budget? budget, int numberOfEpochs)
        where TOptions : ChannelSearchOptions, new() =>
        new(Environment(catalog), WithArguments(new TOptions(), network, budget, numberOfEpochs));

    /// <summary>The options with the arguments of a short overload: null leaves what an option is by default.</summary>
    private static TOptions WithArguments<TOptions>(
        TOptions options, NetworkArchitecture? network, Budget? budget, int numberOfEpochs)
        where TOptions : ChannelSearchOptions
    {
        options.Network = network ?? options.Network;
        options.Budget = budget ?? options.Budget;
        options.NumberOfEpochs = numberOfEpochs;
        return options;
    }

    private static DmcpSearchOptions DmcpOptions(
        string output, string label, string features, NetworkArchitecture? network, Budget? budget, int numberOfEpochs)
    {
        var options = new DmcpSearchOptions { OutputColumnName = output, LabelColumnName = label, FeatureColumnName = features };
        return WithArguments(options, network, budget, numberOfEpochs);
    }

    private static PrunedRetrainOptions RetrainOptions(
        string label, string features, string score, string predictedLabel, ChannelConfig? config, int numberOfEpochs) => new()
    {
        LabelColumnName = label,
        FeatureColumnName = features,
        ScoreColumnName = score,
        PredictedLabelColumnName = predictedLabel,
        ChannelConfig = config,
        NumberOfEpochs = numberOfEpochs,
    };
}
