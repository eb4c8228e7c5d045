using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Estimators;
using Microsoft.ML.Dmcp.Estimators.Appending;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Estimators.OnnxGraphs;
using Microsoft.ML.Dmcp.Estimators.Prediction;
using Microsoft.ML.Dmcp.Training.Retraining;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// A trained, pruned network: appends the probability of every class and the likeliest class, and the features behind the scores if asked
/// for. Rows are predicted lazily, many in one forward pass, and come in the input's order.
/// </summary>
public sealed class PrunedNetworkTransformer : AppendingTransformer, IDisposable
{
    internal const string LoaderSignature = "DmcpPrunedNetwork";

    private static readonly ModelStream File = new("DMCPPRUN", version: 0x00010002, readableFrom: 0x00010001, LoaderSignature);

    private readonly PrunedModel _model;
    private readonly Predictor _predictor;

    /// <param name="env">The environment.</param>
    /// <param name="model">The network, owned from now on.</param>
    /// <param name="training">What its training was told and reported; null where nobody knows.</param>
    internal PrunedNetworkTransformer(IHostEnvironment env, PrunedModel model, TrainingRecord? training = null)
        : base(env, LoaderSignature)
    {
        _model = model;
        _predictor = new Predictor(model);
        if (training is not null)
            (Settings, History) = (training.Settings, training.Epochs);
    }

    // Called by ML.NET when a model file is loaded.
    private PrunedNetworkTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : base(env, LoaderSignature)
    {
        var device = TorchRuntime.ChooseDevice(Host, RunLogs.On(Host));
        _model = File.Load(ctx, reader => PrunedModelFile.Read(reader, device));
        try
        {
            _predictor = new Predictor(_model);
        }
        catch
        {
            _model.Dispose();
            throw;
        }
    }

    /// <summary>The widths that the network has, what it costs and how the widths were found.</summary>
    public ChannelConfig ChannelConfig => _model.Config;

    /// <summary>How the weights came about: trained from scratch, slimmable, fine-tuned, or only calibrated.</summary>
    public RetrainMethod Method => _model.Method;

    /// <summary>Names of the classes, in the order of the scores.</summary>
    public IReadOnlyList<string> ClassNames => _model.ClassNames.Texts;

    /// <summary>
    /// The last report of every epoch of the training, without its times: loss, accuracy, validation accuracy. Empty for weights that were
    /// only calibrated, and for a network that was loaded from a file.
    /// </summary>
    public IReadOnlyList<TrainingProgress> History { get; } = [];

    /// <summary>The options of the training as text, by name. Empty for a network that was loaded from a file.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; } = new SortedDictionary<string, string>();

    internal string FeatureColumn => _model.FeatureColumn;

    internal string ScoreColumn => _model.ScoreColumn;

    /// <summary>The classes of a prediction from the likeliest on.</summary>
    /// <param name="scores">The Score of a row, one probability a class.</param>
    /// <param name="count">How many classes at most. Default all.</param>
    /// <returns>
    /// Classes of equal probability in the order of <see cref="ClassNames"/>; none for a row without an image, whose scores are NaN.
    /// </returns>
    /// <exception cref="ArgumentException">There are not as many scores as classes.</exception>
    public IReadOnlyList<ClassProbability> Rank(IReadOnlyList<float> scores, int count = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (scores.Count != ClassNames.Count)
            throw new ArgumentException(
                $"{scores.Count} scores were given; the network has {ClassNames.Count} classes: " +
                $"give the whole column '{ScoreColumn}' of one row.", nameof(scores));
        if (scores.Any(float.IsNaN))
            return [];
        return ClassNames
            .Select((name, i) => new ClassProbability(name, scores[i]))
            .OrderByDescending(c => c.Probability)
            .Take(count)
            .ToArray();
    }

    /// <summary>
    /// Frees the weights, once no prediction on another thread uses them. Views and prediction engines made from this transformer throw an
    /// <see cref="ObjectDisposedException"/> from then on, and so does saving it.
    /// </summary>
    public void Dispose() => _predictor.Dispose();

    /// <summary>Does something with the network and what it needs, which stay until it is done.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    internal void Use(Action<PrunedModel> action) => _predictor.Use(() => action(_model));

    /// <summary>
    /// Runs the network on all images of a view and shows every layer's value (<see cref="Predictor.Observe"/>). One warning counts the
    /// images that could not be read.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="name">What messages call them.</param>
    /// <param name="onValue">Gets the index of a layer and its value for a batch, which is good until it returns.</param>
    /// <exception cref="InvalidOperationException">No image could be read.</exception>
    internal void Observe(IDataView rows, string name, Action<int, Tensor> onValue)
    {
        var (read, unread, first) = _predictor.Observe(rows, onValue);
        var example = first.Length == 0 ? "" : $" The first: {first}";
        if (read == 0)
            throw new InvalidOperationException(
                $"{name} has no image that could be read ({unread} rows): give it some hundred rows of the training data.{example}");
        if (unread > 0)
            RunLogs.On(Host).Warning($"{unread} images of {name} could not be read; they are left out.{example}");
    }

    private protected override void Save(ModelSaveContext ctx) =>
        _predictor.Use(() => File.Save(ctx, writer => PrunedModelFile.Write(_model, writer)));

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
        DataViewSchema.DetachedColumn[] scored =
        [
            new(_model.PredictedLabelColumn, new KeyDataViewType(typeof(uint), names.Count), label.ToAnnotations()),
            new(_model.ScoreColumn, Vector(names.Count), score.ToAnnotations()),
        ];
        return _model.EmbeddingColumn is null
            ? scored
            : [.. scored, new DataViewSchema.DetachedColumn(_model.EmbeddingColumn, Vector(_model.Network.EmbeddingSize))];

        static VectorDataViewType Vector(int size) => new(NumberDataViewType.Single, size);
    }

    internal override IReadOnlyList<DataViewSchema.Column> Reads(DataViewSchema input)
    {
        var image = ImageSetReader.Column(input, _model.FeatureColumn, "feature");
        return [image, .. RowTexts.Columns(input, image)];
    }

    internal override AppendedValues OpenRow(DataViewRow row) => new RowPredictions(_predictor, row);

    internal override AppendedValues OpenCursor(DataViewRowCursor rows) => new BatchPredictions(_predictor, rows, RunLogs.On(Host));

    internal override void Convert(OnnxContextGraph graph, DataViewSchema input)
    {
        if (ImageSetReader.Column(input, _model.FeatureColumn, "feature").Type is not VectorDataViewType type)
            throw NoConversion($"its column '{_model.FeatureColumn}' holds images in memory, which ONNX does not know");
        var values = graph.Find(_model.FeatureColumn)
            ?? throw NoConversion($"ML.NET cannot convert a transform that column '{_model.FeatureColumn}' is made by");
        graph.RequireOpset();
        Use(model => new ConvertedNetwork(graph, model).Add(values, type.ItemType, Append(input)));
    }
}
