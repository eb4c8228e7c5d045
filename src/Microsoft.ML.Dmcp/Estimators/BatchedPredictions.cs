using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data;

namespace Microsoft.ML.Dmcp.Estimators;

/// <summary>
/// Predictions of a cursor's rows, many in one forward pass: a cursor of our own runs ahead over the images alone, while the caller's
/// returns row by row.
/// </summary>
internal sealed class BatchedPredictions(Predictor predictor, DataViewRowCursor ahead) : Predictions(predictor)
{
    private const int BatchSize = 64;

    private readonly ImageColumnReader _reader = predictor.Open(ahead);
    private readonly List<byte[]?> _images = new(BatchSize);
    private float[] _scores = [];
    private long _first, _next, _row = -1;

    public override void MoveNext() => _row++;

    protected override ReadOnlySpan<float> Current()
    {
        while (_row >= _next)
            ReadBatch();
        return _scores.AsSpan((int)(_row - _first) * Predictor.Classes, Predictor.Classes);
    }

    private void ReadBatch()
    {
        _images.Clear();
        _first = _next;
        while (_images.Count < BatchSize && ahead.MoveNext())
        {
            // Rows before the one that is asked for were passed over by the caller: no need to decode or predict them.
            _images.Add(_next >= _row ? _reader.Read() : null);
            _next++;
        }
        if (_images.Count == 0)
            throw new InvalidOperationException("The data view gave fewer rows to a second cursor than to the first; it must give the same rows to both.");
        _scores = Predictor.Predict(_images);
    }
}
