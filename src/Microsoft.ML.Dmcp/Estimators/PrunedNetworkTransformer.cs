using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Estimators.Appending;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Estimators.Native;
using Microsoft.ML.Dmcp.Estimators.Prediction;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// A trained, pruned network: appends the probability of every class and the likeliest class, and the penultimate layer's values if asked for. Rows are predicted lazily, many in one
/// forward pass, and come in the input's order.
/// </summary>
public sealed class PrunedNetworkTransformer : AppendingTransformer, IDisposable
{
    internal const string LoaderSignature = "DmcpPrunedNetwork";

    private const string Signature = "DMCPPRUN";
    private const uint Version = 0x00010002, ReadableFrom = 0x00010001;

    private readonly PrunedModel _model;
    private readonly Predictor _predictor;

    internal PrunedNetworkTransformer(IHostEnvironment env, PrunedModel model)
        : base(env, LoaderSignature) =>
        (_model, _predictor) = (model, new Predictor(model));

    // Called by ML.NET when a model file is loaded.
    private PrunedNetworkTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : base(env, LoaderSignature)
    {
        var device = TorchRuntime.ChooseDevice(Host, RunLogs.On(Host));
        _model = MLNetInternals.Load(ctx, Signature, Version, ReadableFrom, LoaderSignature, reader => PrunedModelFile.Read(reader, device));
        _predictor = new Predictor(_model);
    }

    /// <summary>The widths that the network has, what it costs and how the widths were found.</summary>
    public ChannelConfig ChannelConfig => _model.Config;

    /// <summary>How the weights came about: trained from scratch, slimmable, fine-tuned, or only calibrated.</summary>
    public RetrainMethod Method => _model.Method;

    /// <summary>Names of the classes, in the order of the scores.</summary>
    public IReadOnlyList<string> ClassNames => _model.ClassNames.Texts;

    /// <summary>
    /// Frees the weights, once no prediction on another thread uses them. Views and prediction engines made from this transformer throw an
    /// <see cref="ObjectDisposedException"/> from then on, and so does saving it.
    /// </summary>
    public void Dispose() => _predictor.Dispose();

    private protected override void Save(ModelSaveContext ctx) =>
        _predictor.Use(() => MLNetInternals.Save(ctx, Signature, Version, ReadableFrom, LoaderSignature, writer => PrunedModelFile.Write(_model, writer)));

    internal override IReadOnlyList<DataViewSchema.DetachedColumn> Append(DataViewSchema input)
    {
        ImageColumnReader.Check(ImageSetReader.Column(input, _model.FeatureColumn, "feature"), _model.Vector);
        var names = _model.ClassNames;
        var set = MLNetInternals.NextScoreColumnSet(input);
        var label = new DataViewSchema.Annotations.Builder();
        names.Type?.Add(label, TextAnnotations.KeyValues, names.Texts);
        TextAnnotations.AddScoreKind(label, set, TextAnnotations.PredictedLabel);
        var score = new DataViewSchema.Annotations.Builder();
        if (names.Type?.ItemType is TextDataViewType)
            TextAnnotations.Add(score, TextAnnotations.SlotNames, names.Texts);
        names.Type?.Add(score, TextAnnotations.TrainingLabelValues, names.Texts);
        TextAnnotations.AddScoreKind(score, set, TextAnnotations.Score);
        DataViewSchema.DetachedColumn[] embedding = _model.EmbeddingColumn is null ? []
            : [new DataViewSchema.DetachedColumn(_model.EmbeddingColumn, new VectorDataViewType(NumberDataViewType.Single, _model.Network.EmbeddingSize))];
        return
        [
            new DataViewSchema.DetachedColumn(_model.PredictedLabelColumn, new KeyDataViewType(typeof(uint), names.Count), label.ToAnnotations()),
            new DataViewSchema.DetachedColumn(_model.ScoreColumn, new VectorDataViewType(NumberDataViewType.Single, names.Count), score.ToAnnotations()),
            .. embedding,
        ];
    }

    internal override IReadOnlyList<DataViewSchema.Column> Reads(DataViewSchema input)
    {
        var image = ImageSetReader.Column(input, _model.FeatureColumn, "feature");
        return [image, .. RowTexts.Columns(input, image)];
    }

    internal override AppendedValues OpenRow(DataViewRow row) => new RowPredictions(_predictor, row);

    internal override AppendedValues OpenCursor(DataViewRowCursor rows) => new BatchPredictions(_predictor, rows, RunLogs.On(Host));
}
