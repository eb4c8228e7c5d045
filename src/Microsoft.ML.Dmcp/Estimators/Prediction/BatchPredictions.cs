using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Estimators.Prediction;

/// <summary>
/// Predictions of a cursor's rows, a batch in one forward pass, which is made when the first value of the batch is asked for. Images that
/// cannot be read get a missing prediction, and one warning counts them.
/// </summary>
internal sealed class BatchPredictions(Predictor predictor, DataViewRowCursor rows, RunLog log) : Predictions(predictor)
{
    private readonly ImageColumnReader _reader = predictor.Open(rows);
    private readonly RowTexts _texts = new(rows);
    private readonly List<ReadImage?> _images = [];
    private string _firstUnread = "";
    private PredictedBatch? _batch;
    private Exception? _firstFailure;
    private long _unread;
    private int _row;

    public override void BeginBatch()
    {
        _images.Clear();
        _batch = null;
    }

    public override void AddRow()
    {
        var image = Predictor.Read(_reader, ref _firstFailure);
        if (image is null && _unread++ == 0)
            _firstUnread = _texts.ToString();
        _images.Add(image);
    }

    public override void MoveTo(int row) => _row = row;

    protected override (PredictedBatch Batch, int Row) Current()
    {
        if (_images.Count == 0)
            throw new InvalidOperationException("There is no value before the first call of MoveNext.");
        return (_batch ??= Predictor.Predict(_images), _row);
    }

    public override void Dispose()
    {
        if (_unread > 0)
            log.Warning($"{_unread} images could not be read; their predictions are missing values." +
                (_firstUnread.Length == 0 ? "" : $" The first: {_firstUnread}.") +
                (_firstFailure is null ? "" : $" The first failure: {_firstFailure.Message}"));
        _unread = 0;
    }
}
