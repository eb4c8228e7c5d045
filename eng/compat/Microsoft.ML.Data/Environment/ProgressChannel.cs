using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Checks progress reports and drops them: as under the real MLContext, nobody can listen.</summary>
internal sealed class ProgressChannel : IProgressChannel
{
    private readonly IExceptionContext _ectx;
    private ProgressHeader _header = new((string[])null);
    private bool _disposed;

    public ProgressChannel(IExceptionContext ectx, string name)
    {
        _ectx = ectx;
        _ectx.CheckNonEmpty(name, nameof(name));
    }

    public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction) => _header = header;

    public void Checkpoint(params double?[] values)
    {
        _ectx.Check(!_disposed, "Can't report checkpoints after disposing");
        var room = _header.MetricNames.Count + (2 * _header.UnitNames.Count);
        _ectx.Check((values?.Length ?? 0) <= room, "Too many values provided in Checkpoint");
    }

    public IProgressChannel StartProgressChannel(string name) => new ProgressChannel(_ectx, name);

    public void Dispose() => _disposed = true;
}
