namespace Microsoft.ML.Dmcp.Data.Batches;

/// <summary>
/// Batches in turn, each filled on another thread while the caller computes with the one before. There are two buffers: one is computed
/// with, the other is filled.
/// </summary>
internal sealed class BatchesAhead : IDisposable
{
    private readonly BatchSource _source;
    private readonly PixelBatch[] _buffers;
    private readonly Action<PixelBatch, int> _fill;
    private readonly int _end;
    private int _next;
    private Task _filling = Task.CompletedTask;

    /// <param name="source">Makes tensors of the batches.</param>
    /// <param name="size">Images of a batch.</param>
    /// <param name="first">The first batch to come.</param>
    /// <param name="end">The batch after the last.</param>
    /// <param name="fill">Fills a buffer with a batch.</param>
    public BatchesAhead(BatchSource source, int size, int first, int end, Action<PixelBatch, int> fill)
    {
        _source = source;
        _fill = fill;
        _next = first;
        _end = end;
        _buffers = [source.Reserve(size), source.Reserve(size)];
        Begin();
    }

    /// <summary>The next batch; the tensors of the one before may not be used any more.</summary>
    /// <exception cref="Exception">Whatever filling this batch threw.</exception>
    public ImageBatch Next()
    {
        _filling.GetAwaiter().GetResult();
        var ready = _buffers[_next % 2];
        _next++;
        Begin();
        return _source.Make(ready);
    }

    /// <summary>Waits for the batch that is being filled, which nobody needs any more.</summary>
    public void Dispose()
    {
        // This way of waiting runs the task here where no thread of the pool is free.
        _filling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        foreach (var buffer in _buffers)
            buffer.Dispose();
    }

    private void Begin()
    {
        if (_next < _end)
        {
            var (batch, buffer) = (_next, _buffers[_next % 2]);
            _filling = Task.Run(() => _fill(buffer, batch));
        }
    }
}
