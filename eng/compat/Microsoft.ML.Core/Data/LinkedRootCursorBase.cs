using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A cursor over another, with a position of its own.</summary>
internal abstract class LinkedRootCursorBase : RootCursorBase
{
    private bool _disposed;

    protected LinkedRootCursorBase(IChannelProvider provider, DataViewRowCursor input)
        : base(provider)
    {
        Input = Contracts.CheckRef(input, nameof(input));
    }

    protected DataViewRowCursor Input { get; }

    protected override void Dispose(bool disposing)
    {
        if (_disposed)
        {
            return;
        }

        if (disposing)
        {
            Input.Dispose();
        }

        _disposed = true;
        base.Dispose(disposing);
    }
}
