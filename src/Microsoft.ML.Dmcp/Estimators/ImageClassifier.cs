using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Estimators;
using Microsoft.ML.Dmcp.Estimators.Prediction;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// Classifies images in memory, such as uploads, by a fitted or loaded model: made by <c>mlContext.Model.CreateImageClassifier(model)</c>.
/// Neither a file nor a label is needed, and any number of threads may use it at once; it needs no pool.
/// </summary>
public sealed class ImageClassifier
{
    private readonly PrunedNetworkTransformer _network;
    private readonly IRowToRowMapper _mapper;

    internal ImageClassifier(ITransformer model)
    {
        var preparation = ImagePreparation.Of(model);
        _network = preparation.Network;
        var image = new DataViewSchema.Builder();
        image.AddColumn(preparation.ImageColumn, new ImageDataViewType());
        ITransformer chain = new TransformerChain<ITransformer>([.. preparation.Transforms, _network]);
        _mapper = chain.GetRowToRowMapper(image.ToSchema());
    }

    /// <summary>
    /// The classes of an image from the likeliest on. It is prepared as in the training (resized, made grey), and left as it is.
    /// </summary>
    /// <param name="image">The image: <c>MLImage.CreateFromStream(upload)</c>, or <c>MLImage.CreateFromFile(path)</c>.</param>
    /// <param name="count">How many classes at most. Default all.</param>
    /// <exception cref="InvalidOperationException">
    /// The image has another size than the network reads, and the model does not resize.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public IReadOnlyList<ClassProbability> Classify(MLImage image, int count = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(image);
        // ResizeImages disposes of the images that it reads.
        using var copy = MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels);
        var score = _mapper.OutputSchema[_network.ScoreColumn];
        using var row = _mapper.GetRow(new SingleImageRow(_mapper.InputSchema, copy), [score]);
        VBuffer<float> scores = default;
        row.GetGetter<VBuffer<float>>(score)(ref scores);
        return _network.Rank(scores.DenseValues().ToArray(), count);
    }
}
