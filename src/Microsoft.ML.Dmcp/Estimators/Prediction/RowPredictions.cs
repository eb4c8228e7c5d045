using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Images;

namespace Microsoft.ML.Dmcp.Estimators.Prediction;

/// <summary>Predictions of a single row, as PredictionEngine asks for them: it changes the row's values and its position.</summary>
internal sealed class RowPredictions(Predictor predictor, DataViewRow row) : Predictions(predictor)
{
    private readonly ImageColumnReader _reader = predictor.Open(row);
    private readonly RowTexts _texts = new(row);
    private PredictedBatch _batch = PredictedBatch.Empty;
    private long _position = long.MinValue;

    protected override (PredictedBatch Batch, int Row) Current()
    {
        if (row.Position != _position)
        {
            _batch = Predictor.Predict([Read()]);
            _position = row.Position;
        }
        return (_batch, 0);
    }

    private ReadImage? Read()
    {
        Exception? failure = null;
        var image = Predictor.Read(_reader, ref failure);
        if (failure is null)
            return image;
        var texts = _texts.ToString();
        var where = texts.Length == 0 ? "" : $" ({texts})";
        throw new InvalidOperationException(
            $"The image of column '{Predictor.FeatureColumn}' could not be read{where}: {failure.Message}",
            failure);
    }
}
