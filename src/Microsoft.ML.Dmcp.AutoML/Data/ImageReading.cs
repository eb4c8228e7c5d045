using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp.AutoML.Data;

/// <summary>Reads the images of an experiment.</summary>
/// <param name="env">The environment.</param>
/// <param name="options">How vectors hold images.</param>
/// <param name="log">Gets warnings, and cancels the reading.</param>
internal sealed class ImageReading(IHostEnvironment env, ImageRunOptions options, RunLog log)
{
    /// <summary>Reads training and validation images.</summary>
    /// <param name="train">Labelled images.</param>
    /// <param name="validation">Others of the same classes; null to put a share of the first aside.</param>
    /// <param name="fraction">That share of every class.</param>
    /// <param name="labelColumn">Name of the column of classes; mapped to keys where it is none.</param>
    /// <param name="featureColumn">Name of the column of images.</param>
    /// <param name="preFeaturizer">What makes that column; null where it is there.</param>
    public ExperimentImages Read(
        IDataView train, IDataView? validation, double fraction, string labelColumn, string featureColumn,
        IEstimator<ITransformer>? preFeaturizer)
    {
        var prepare = new TransformerChain<ITransformer>();
        var view = train;
        if (preFeaturizer is not null)
            (prepare, view) = Append(prepare, preFeaturizer.Fit(view), view);
        if (ImageSetReader.Column(view.Schema, labelColumn, "label").Type is not KeyDataViewType)
            (prepare, view) = Append(prepare, MLNetInternals.Transforms(env).Conversion.MapValueToKey(labelColumn).Fit(view), view);
        var isVector = ImageSetReader.Column(view.Schema, featureColumn, "feature").Type is VectorDataViewType;
        var training = ReadSet(view, labelColumn, featureColumn, forTraining: true);
        var others = validation is null ? null : ReadSet(prepare.Transform(validation), labelColumn, featureColumn, forTraining: false);
        if (others is null)
            (training, others) = training.Split(
                fraction, new RandomSource(1).Fork("validation"), nameof(DmcpExperimentSettings.ValidationFraction));
        else if (others.Shape != training.Shape || !others.ClassNames.SequenceEqual(training.ClassNames))
            throw new InvalidOperationException(
                $"The validation images are of {others.Shape} pixels and {others.Classes} classes, the training images of " +
                $"{training.Shape} and {training.Classes}: give both the same columns, and classes that the training images have.");
        return new ExperimentImages
        {
            Training = training,
            Validation = others,
            Label = view.Schema[labelColumn],
            FeatureColumn = featureColumn,
            Layout = isVector ? options.VectorLayout : PixelLayout.Interleaved,
            Prepare = prepare,
            InputSchema = train.Schema.Any(c => ImageColumnReader.IsImage(c.Type)) ? null : train.Schema,
        };
    }

    private ImageSet ReadSet(IDataView view, string labelColumn, string featureColumn, bool forTraining) =>
        ImageSetReader.Read(view, labelColumn, featureColumn, options.VectorImage, log, forTraining);

    private static (TransformerChain<ITransformer>, IDataView) Append(
        TransformerChain<ITransformer> chain, ITransformer next, IDataView view) => (chain.Append(next), next.Transform(view));
}
