using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Training.Checkpoints;

namespace Microsoft.ML.Dmcp.AutoML.Data;

/// <summary>The images of an experiment, decoded once, and what a model needs in front of its network.</summary>
internal sealed record ExperimentImages
{
    /// <summary>What is trained on.</summary>
    public required ImageSet Training { get; init; }

    /// <summary>What models are compared on.</summary>
    public required ImageSet Validation { get; init; }

    /// <summary>The column of classes, a key.</summary>
    public required DataViewSchema.Column Label { get; init; }

    /// <summary>Name of the column of images.</summary>
    public required string FeatureColumn { get; init; }

    /// <summary>In which order vectors hold the pixels: as the user's data do, where they are vectors.</summary>
    public required PixelLayout Layout { get; init; }

    /// <summary>The transforms that the user's rows go through.</summary>
    public required ITransformer Prepare { get; init; }

    /// <summary>Of the user's rows; null where ML.NET cannot save it with a model.</summary>
    public required DataViewSchema? InputSchema { get; init; }

    public string LabelColumn => Label.Name;

    public IDataView TrainingView => new ImageSetView(Training, Label, FeatureColumn, Layout);

    public IDataView ValidationView => new ImageSetView(Validation, Label, FeatureColumn, Layout);

    /// <summary>A network for these images.</summary>
    public NetworkDescription Describe(NetworkArchitecture architecture) =>
        architecture.Describe(Training.Shape.Channels, Training.Shape.Height, Training.Shape.Width, Training.Classes);

    /// <summary>What decides the results, as text.</summary>
    public IEnumerable<(string Name, string Value)> ToSettings()
    {
        yield return ("images", CheckpointIdentity.DigestOf(Training));
        yield return ("validation images", CheckpointIdentity.DigestOf(Validation));
        yield return ("image size", Training.Shape.ToString());
        yield return ("classes", string.Join(", ", Training.ClassNames));
    }
}
