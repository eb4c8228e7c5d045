using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Estimators;

/// <summary>Runs a trained network on images. Several threads may use it at once: prediction changes nothing.</summary>
internal sealed class Predictor : IDisposable
{
    private readonly PrunedModel _model;
    private readonly BatchSource _bytes;
    private readonly BatchSource _floats;
    private bool _disposed;

    public Predictor(PrunedModel model)
    {
        _model = model;
        var input = model.Network.Description.Input;
        Shape = new ImageShape(input.Channels, input.Height, input.Width, IsFloat: false);
        _bytes = new BatchSource(Shape, model.Normalization, model.Network.Device);
        _floats = new BatchSource(Shape with { IsFloat = true }, model.Normalization, model.Network.Device);
    }

    /// <summary>Size of the images.</summary>
    public ImageShape Shape { get; }

    public string FeatureColumn => _model.FeatureColumn;

    public int Classes => _model.ClassNames.Count;

    /// <summary>Opens the column of images of a row.</summary>
    public ImageColumnReader Open(DataViewRow row) =>
        ImageColumnReader.Open(row, ImageSetReader.Column(row.Schema, _model.FeatureColumn, "feature"), _model.Vector, Shape);

    /// <summary>Probabilities, one row after another; NaN where there is no image.</summary>
    public float[] Predict(IReadOnlyList<byte[]?> images)
    {
        var scores = new float[images.Count * Classes];
        Array.Fill(scores, float.NaN);
        var present = images.OfType<byte[]>().ToArray();
        if (present.Length == 0)
            return scores;
        ObjectDisposedException.ThrowIf(_disposed, typeof(PrunedNetworkTransformer));
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var source = present[0].Length == Shape.Bytes ? _bytes : _floats;
        var probabilities = _model.Network.Run(source.Make(present), new NetworkPass(NormStatistics.Running)).softmax(1).to(ScalarType.Float32).cpu().data<float>().ToArray();
        for (int i = 0, next = 0; i < images.Count; i++)
            if (images[i] is not null)
                probabilities.AsSpan(next++ * Classes, Classes).CopyTo(scores.AsSpan(i * Classes));
        return scores;
    }

    public void Dispose()
    {
        _disposed = true;
        _bytes.Dispose();
        _floats.Dispose();
    }
}
