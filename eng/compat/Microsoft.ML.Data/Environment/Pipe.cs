using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A pipe to which nobody can listen but, if it carries channel messages, the log.</summary>
internal class Pipe<TMessage> : IPipe<TMessage>
{
    private readonly LocalEnvironment _env;
    private readonly string _name;
    private bool _disposed;

    public Pipe(LocalEnvironment env, string name)
    {
        _env = env;
        _name = name;
    }

    public string ContextDescription => FullName;

    private string FullName => _env.FullName is { } outer ? $"{outer}; {_name}" : _name;

    public void Send(TMessage msg)
    {
        if (msg is ChannelMessage message)
        {
            _env.Send(FullName, message);
        }
    }

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        if (ex is not null)
        {
            _env.Process(ex).Data["Phase"] = _name;
        }

        return ex;
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Close();
        }
    }

    protected virtual void Close()
    {
    }
}
