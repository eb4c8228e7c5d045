using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Estimators;

/// <summary>
/// Finds what a retraining works on: the channel config, the weights, the images for validation. All that needs no data is checked when a
/// pipeline asks for the schema, before a search in front of it begins.
/// </summary>
/// <param name="options">Of the retraining.</param>
internal sealed class RetrainInputs(PrunedRetrainOptions options)
{
    // Read once: what was checked is what is trained.
    private readonly Lazy<ChannelConfig?> _given = new(() =>
        options.ChannelConfig ?? (options.ChannelConfigPath is null ? null : ChannelConfig.Load(options.ChannelConfigPath)));

    private bool NeedsWeights => options.Method is RetrainMethod.FineTuning or RetrainMethod.Calibration;

    /// <summary>Checks the options, the files that they name, and the columns.</summary>
    /// <param name="input">The schema so far, as transforms and searches in front promise it.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An option is out of its range, or a column is missing or of the wrong type.
    /// </exception>
    /// <exception cref="InvalidOperationException">There is no channel config, no weights, or no architecture of this name.</exception>
    /// <exception cref="IOException">The checkpoint cannot be written, or the file of the config not read.</exception>
    /// <exception cref="FormatException">The file of the config is none.</exception>
    public void Check(SchemaShape input)
    {
        options.Check();
        options.CheckFiles(weightsComeLater: Promises(input, ChannelSearchTransformer.CheckpointAnnotation));
        InputColumns.Check(input, options.LabelColumnName, options.FeatureColumnName);
        if (_given.Value is { } config)
            FindArchitecture(config);
        else if (!Promises(input, ChannelSearchTransformer.ConfigAnnotation))
            throw NoConfig();
        if (NeedsWeights && options.WeightsPath is null && !Promises(input, ChannelSearchTransformer.CheckpointAnnotation))
            throw NoWeights();
        CheckValidation();
    }

    /// <summary>The channel config, and the unpruned network where the search handed it over.</summary>
    public (ChannelConfig Config, NetworkDescription? Network) FindConfig(DataViewSchema schema)
    {
        if (_given.Value is { } given)
            return (given, null);
        var searched = Searched(schema);
        if (searched.Name is null)
            throw NoConfig();
        return (ChannelConfig.FromJson(TextAnnotations.Read(searched, ChannelSearchTransformer.ConfigAnnotation)!),
            NetworkDescription.FromJson(TextAnnotations.Read(searched, ChannelSearchTransformer.NetworkAnnotation)!));
    }

    /// <summary>The checkpoint whose weights are pruned: that of the options, else that of the search earlier in the pipeline.</summary>
    public string? FindWeights(DataViewSchema schema)
    {
        if (options.WeightsPath is not null || !NeedsWeights)
            return options.WeightsPath;
        var searched = Searched(schema);
        var path = searched.Name is null ? null : TextAnnotations.Read(searched, ChannelSearchTransformer.CheckpointAnnotation);
        return !string.IsNullOrEmpty(path) ? path : throw NoWeights();
    }

    /// <summary>The checkpoint that is learned from: that of the options, else that which the search learned from; null for none.</summary>
    public string? FindTeacher(DataViewSchema schema)
    {
        if (options.TeacherPath is not null || options.Method != RetrainMethod.FineTuning || options.DistillationWeight is 0)
            return options.TeacherPath;
        var searched = Searched(schema);
        var path = searched.Name is null ? null : TextAnnotations.Read(searched, ChannelSearchTransformer.TeacherAnnotation);
        return path is not null && DurableFile.Exists(path) ? path : null;
    }

    /// <summary>The architecture that a config is for.</summary>
    public NetworkArchitecture FindArchitecture(ChannelConfig config)
    {
        try
        {
            return options.Network ?? NetworkZoo.Find(config.Network);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InvalidOperationException($"The channel config is for network '{config.Network}', which the zoo does not have: " +
                "set PrunedRetrainOptions.Network to its architecture.", e);
        }
    }

    /// <summary>The images for validation; null for none. A share of the training images is taken out of them.</summary>
    public ImageSet? ReadValidation(ref ImageSet set, int seed, ImageRun run)
    {
        if (options.ValidationSetFraction is { } share)
        {
            var random = new RandomSource(seed).Fork("validation");
            (set, var aside) = set.Split(share, random, nameof(PrunedRetrainOptions.ValidationSetFraction));
            return aside;
        }
        if (options.ValidationSet is null)
            return null;
        var given = run.Read(options.ValidationSet, forTraining: false);
        if (given.Shape != set.Shape || !given.ClassNames.SequenceEqual(set.ClassNames))
            throw new InvalidOperationException(
                $"ValidationSet holds images of {given.Shape} pixels ({Kind(given)}) and {given.Classes} classes, " +
                $"the training images are of {set.Shape} ({Kind(set)}) and {set.Classes}: " +
                "make both by the same fitted transforms, such as mapping.Transform(validation).");
        return given;

        static string Kind(ImageSet images) => images.Shape.IsFloat ? "floats" : "bytes";
    }

    /// <summary>Checks that the images are those that the config was found for.</summary>
    public void CheckImages(ChannelConfig config, ImageSet set)
    {
        if ((config.ImageChannels, config.ImageHeight, config.ImageWidth) != (set.Shape.Channels, set.Shape.Height, set.Shape.Width))
            throw new InvalidOperationException(
                $"The channel config was found for images of {config.ImageWidth}x{config.ImageHeight} pixels; " +
                $"column '{options.FeatureColumnName}' holds {set.Shape}. Put " +
                $"mlContext.Transforms.ResizeImages(\"{options.FeatureColumnName}\", {config.ImageWidth}, {config.ImageHeight}) " +
                "before, or search again.");
        if (config.Classes != set.Classes)
            throw new InvalidOperationException($"The channel config was found for {config.Classes} classes; " +
                $"label column '{options.LabelColumnName}' has {set.Classes}. Search again with these classes.");
    }

    private void CheckValidation()
    {
        if (options.ValidationSet is null)
            return;
        try
        {
            InputColumns.Check(MLNetInternals.ShapeOf(options.ValidationSet.Schema), options.LabelColumnName, options.FeatureColumnName);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new ArgumentOutOfRangeException(nameof(PrunedRetrainOptions.ValidationSet),
                $"ValidationSet: {e.Message} Give it the columns of the training images: " +
                "var prepare = transforms.Fit(train); options.ValidationSet = prepare.Transform(validation).");
        }
    }

    // Of several searches, the last one.
    private static DataViewSchema.Column Searched(DataViewSchema schema) =>
        schema.LastOrDefault(c => !c.IsHidden && TextAnnotations.Read(c, ChannelSearchTransformer.ConfigAnnotation) is not null);

    private static bool Promises(SchemaShape shape, string annotation) => shape.Any(c => c.Annotations.Any(a => a.Name == annotation));

    private static InvalidOperationException NoConfig() =>
        new("There is no channel config to train: set ChannelConfig or ChannelConfigPath, " +
            "or put a search such as Transforms.DmcpSearch earlier in the pipeline.");

    private InvalidOperationException NoWeights() => new(
        $"{options.Method} needs the weights of the unpruned network: set WeightsPath to a checkpoint of its search or training, " +
        "or set CheckpointPath of the search earlier in the pipeline (WeightsPath of one that trains nothing).");
}
