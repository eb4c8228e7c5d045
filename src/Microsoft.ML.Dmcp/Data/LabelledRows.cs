using System.Collections.Concurrent;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Data.Labels;

namespace Microsoft.ML.Dmcp.Data;

/// <summary>
/// Reads labels and images of a data view in its order. A view that gives several cursors has its images decoded by as many threads.
/// </summary>
/// <param name="label">The key column of classes.</param>
/// <param name="image">The column of images.</param>
/// <param name="vector">How a vector column holds an image.</param>
internal sealed class LabelledRows(DataViewSchema.Column label, DataViewSchema.Column image, VectorImage vector)
{
    /// <summary>Reads all rows; the reading ends with the enumeration.</summary>
    public IEnumerable<LabelledRow> Read(IDataView data)
    {
        DataViewSchema.Column[] columns = [label, image, .. RowTexts.Columns(data.Schema, image)];
        // A vector is there already: nothing is decoded.
        if (!ImageColumnReader.IsImage(image.Type))
            return RowsOf(data.GetRowCursor(columns));
        var cursors = data.GetRowCursorSet(columns, Environment.ProcessorCount);
        return cursors.Length == 1 ? RowsOf(cursors[0]) : Merge(cursors);
    }

    private IEnumerable<LabelledRow> RowsOf(DataViewRowCursor cursor)
    {
        using (cursor)
        {
            var readLabel = LabelColumnReader.Open(cursor, label);
            var reader = ImageColumnReader.Open(cursor, image, vector);
            var texts = new RowTexts(cursor);
            while (cursor.MoveNext())
            {
                var index = readLabel();
                Exception? failure = null;
                var read = index < 0 ? null : reader.ReadOrSkip(ref failure);
                yield return new LabelledRow(cursor.Batch, index, read, failure, read is null ? texts.ToString() : "");
            }
        }
    }

    // ML.NET numbers the batches of rows in the order of the view, and gives all rows of a batch to one cursor.
    private IEnumerable<LabelledRow> Merge(DataViewRowCursor[] cursors)
    {
        using var end = new CancellationTokenSource();
        var queues = cursors.Select(_ => new BlockingCollection<LabelledRow>()).ToArray();
        var workers = cursors.Zip(queues, (cursor, queue) => Start(() => Fill(queue, cursor, end.Token))).ToArray();
        var rows = queues.Select(q => q.GetConsumingEnumerable().GetEnumerator()).ToArray();
        try
        {
            var heads = new PriorityQueue<int, (long Batch, int Cursor)>();
            for (var i = 0; i < cursors.Length; i++)
                Advance(i, heads);
            while (heads.TryDequeue(out var first, out _))
            {
                yield return rows[first].Current;
                Advance(first, heads);
            }
        }
        finally
        {
            end.Cancel();
            Task.WhenAll(workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
            foreach (var queue in queues)
                queue.Dispose();
        }

        void Advance(int cursor, PriorityQueue<int, (long Batch, int Cursor)> heads)
        {
            if (rows[cursor].MoveNext())
                heads.Enqueue(cursor, (rows[cursor].Current.Batch, cursor));
            else
                workers[cursor].GetAwaiter().GetResult();
        }
    }

    private static Task Start(Action fill) =>
        Task.Factory.StartNew(fill, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Fill(BlockingCollection<LabelledRow> queue, DataViewRowCursor cursor, CancellationToken end)
    {
        try
        {
            foreach (var row in RowsOf(cursor).TakeWhile(_ => !end.IsCancellationRequested))
                queue.Add(row, CancellationToken.None);
        }
        finally
        {
            queue.CompleteAdding();
        }
    }
}
