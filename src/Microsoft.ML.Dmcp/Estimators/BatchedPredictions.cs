using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data;

namespace Microsoft.ML.Dmcp.Estimators;

/// <summary>
/// Predictions of a cursor's rows, many in one forward pass: a cursor of our own runs ahead over the images alone, while the caller's
/// returns row by row. Images that cannot be read get a missing prediction, and one warning counts them.
/// </summary>
internal sealed class BatchedPredictions(Predictor predictor, DataViewRowCursor ahead, RunLog log) : Predictions(predictor)
{
    private const int BatchSize = 64;

    private readonly ImageColumnReader _reader = predictor.Open(ahead);
    private readonly List<byte[]?> _images = new(BatchSize);
    private PredictedBatch _batch = PredictedBatch.Empty;
    private Exception? _firstFailure;
    private long _first, _next, _row = -1, _unread;

    public override void MoveNext() => _row++;

    protected override (PredictedBatch Batch, int Row) Current()
    {
        if (_row < 0)
            throw new InvalidOperationException("There is no value before the first call of MoveNext.");
        while (_row >= _next)
            ReadBatch();
        return (_batch, (int)(_row - _first));
    }

    public override void Dispose()
    {
        if (_unread > 0)
            log.Warning($"{_unread} images could not be read; their predictions are missing values." + (_firstFailure is null ? "" : $" The first failure: {_firstFailure.Message}"));
        _unread = 0;
    }

    private void ReadBatch()
    {
        _images.Clear();
        var first = _next;
        while (_images.Count < BatchSize && ahead.MoveNext())
        {
            // Rows before the one that is asked for were passed over by the caller: no need to decode or predict them.
            var wanted = _next++ >= _row;
            var image = wanted ? Predictor.Read(_reader, ref _firstFailure) : null;
            if (wanted && image is null)
                _unread++;
            _images.Add(image);
        }
        if (_images.Count == 0)
            throw new InvalidOperationException("The data view gave fewer rows to a second cursor than to the first; it must give the same rows to both.");
        (_first, _batch) = (first, Predictor.Predict(_images));
    }
}
