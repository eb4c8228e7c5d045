using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Networks.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Estimators.Prediction;

/// <summary>Runs a trained network on images, and owns it. Several threads may use it at once: prediction changes nothing.</summary>
internal sealed class Predictor : IDisposable
{
    private const int ObservedBatch = 64;

    private readonly PrunedModel _model;
    private readonly BatchSource _bytes;
    private readonly BatchSource _floats;
    private readonly ImageSize _size;
    private readonly SharedLifetime _lifetime;

    public Predictor(PrunedModel model)
    {
        _model = model;
        _lifetime = new SharedLifetime(Free);
        var input = model.Network.Description.Input;
        Shape = new ImageShape(input.Channels, input.Height, input.Width, IsFloat: false);
        _size = new ImageSize(model.FeatureColumn, Shape);
        _bytes = new BatchSource(Shape, model.Normalization, model.Network.Device);
        try
        {
            _floats = new BatchSource(Shape with { IsFloat = true }, model.Normalization, model.Network.Device);
        }
        catch
        {
            _bytes.Dispose();
            throw;
        }
    }

    /// <summary>Size of the images.</summary>
    public ImageShape Shape { get; }

    public string FeatureColumn => _model.FeatureColumn;

    public int Classes => _model.ClassNames.Count;

    /// <summary>Features of each image; 0 when nobody asks for them.</summary>
    public int EmbeddingSize => _model.EmbeddingColumn is null ? 0 : _model.Network.EmbeddingSize;

    /// <summary>Opens the column of images of a row.</summary>
    public ImageColumnReader Open(DataViewRow row) =>
        ImageColumnReader.Open(row, ImageSetReader.Column(row.Schema, _model.FeatureColumn, "feature"), _model.Vector);

    /// <summary>The current row's image; null where it has none or it cannot be read.</summary>
    /// <exception cref="InvalidOperationException">Its size is not that of the network.</exception>
    public ReadImage? Read(ImageColumnReader reader, ref Exception? firstFailure)
    {
        var image = reader.ReadOrSkip(ref firstFailure);
        if (image is not null)
            _size.Check(image);
        return image;
    }

    /// <summary>Runs the network on the images that there are, all of which one reader has read.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public PredictedBatch Predict(IReadOnlyList<ReadImage?> images)
    {
        PredictedBatch? result = null;
        Use(() => result = Run(images));
        return result!;
    }

    /// <summary>Does something with the weights, which stay until it is done.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public void Use(Action action)
    {
        if (!_lifetime.TryEnter())
            throw Disposed();
        try
        {
            action();
        }
        finally
        {
            _lifetime.Leave();
        }
    }

    /// <summary>Runs the network on all images of a view and shows every layer's value, batch by batch.</summary>
    /// <param name="rows">Rows with the column of images; those whose image cannot be read are left out.</param>
    /// <param name="onValue">Gets the index of a layer and its value for a batch, which is good until it returns.</param>
    /// <returns>How many images were read, how many were not, and which was the first of these and why.</returns>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public (long Read, long Unread, string FirstUnread) Observe(IDataView rows, Action<int, Tensor> onValue)
    {
        var column = ImageSetReader.Column(rows.Schema, FeatureColumn, "feature");
        using var cursor = rows.GetRowCursor([column, .. RowTexts.Columns(rows.Schema, column)]);
        var (reader, texts, batch) = (Open(cursor), new RowTexts(cursor), new List<ReadImage>(ObservedBatch));
        var (count, unread, first, failure) = (0L, 0L, "", (Exception?)null);
        while (cursor.MoveNext())
        {
            if (Read(reader, ref failure) is { } image)
                batch.Add(image);
            else if (unread++ == 0)
                first = $"{texts} {failure?.Message}".Trim();
            if (batch.Count == ObservedBatch)
                Flush();
        }
        Flush();
        return (count, unread, first);

        void Flush()
        {
            if (batch.Count > 0)
                Use(() => Run(batch, onValue));
            count += batch.Count;
            batch.Clear();
        }
    }

    private void Run(IReadOnlyList<ReadImage> images, Action<int, Tensor> onValue)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        _model.Network.Run(Input(images), new NetworkPass(NormStatistics.Running), onValue);
    }

    private Tensor Input(IReadOnlyList<ReadImage> images) =>
        (images[0].Shape.IsFloat ? _floats : _bytes).Make([.. images.Select(image => image.Pixels)]);

    private PredictedBatch Run(IReadOnlyList<ReadImage?> images)
    {
        var present = images.OfType<ReadImage>().ToArray();
        if (present.Length == 0)
            return new PredictedBatch(Spread(images, [], Classes), Spread(images, [], EmbeddingSize));
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var input = Input(present);
        var pass = new NetworkPass(NormStatistics.Running);
        var (scores, embedding) = EmbeddingSize > 0
            ? _model.Network.RunWithEmbedding(input, pass)
            : (_model.Network.Run(input, pass), null);
        var embeddings = embedding is null ? [] : Spread(images, ToHost(embedding), EmbeddingSize);
        return new PredictedBatch(Spread(images, ToHost(scores.softmax(1)), Classes), embeddings);
    }

    private static ObjectDisposedException Disposed() => new(nameof(PrunedNetworkTransformer),
        "The model is disposed. A PredictionEngine disposes of its model with itself " +
        "unless PredictionEngineOptions.OwnsTransformer is false: " +
        "ml.Model.CreatePredictionEngine<TIn, TOut>(model, new PredictionEngineOptions { OwnsTransformer = false }).");

    private static float[] ToHost(Tensor values) => values.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();

    /// <summary>Rows of the images that there are among those of all images.</summary>
    private static float[] Spread(IReadOnlyList<ReadImage?> images, ReadOnlySpan<float> rows, int length)
    {
        var all = new float[images.Count * length];
        Array.Fill(all, float.NaN);
        for (int i = 0, next = 0; i < images.Count; i++)
            if (images[i] is not null)
                rows.Slice(next++ * length, length).CopyTo(all.AsSpan(i * length));
        return all;
    }

    /// <summary>Frees the weights, after the last call that uses them.</summary>
    public void Dispose() => _lifetime.Dispose();

    private void Free()
    {
        _bytes.Dispose();
        _floats.Dispose();
        _model.Dispose();
    }
}
