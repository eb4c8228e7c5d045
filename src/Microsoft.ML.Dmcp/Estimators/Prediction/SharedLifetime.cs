namespace Microsoft.ML.Dmcp.Estimators.Prediction;

/// <summary>
/// Native memory that several threads use: freed when it is disposed of, or by the last call that is still using it then.
/// </summary>
/// <param name="free">Frees it; called once.</param>
internal sealed class SharedLifetime(Action free) : IDisposable
{
    private readonly Lock _lock = new();
    private int _users;
    private bool _isDisposed;

    /// <summary>Begins a use, which <see cref="Leave"/> ends; false when it is disposed.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_isDisposed)
                return false;
            _users++;
            return true;
        }
    }

    /// <summary>Ends a use.</summary>
    public void Leave()
    {
        bool isLast;
        lock (_lock)
            isLast = --_users == 0 && _isDisposed;
        if (isLast)
            free();
    }

    public void Dispose()
    {
        bool isUnused;
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            isUnused = _users == 0;
        }
        if (isUnused)
            free();
    }
}
