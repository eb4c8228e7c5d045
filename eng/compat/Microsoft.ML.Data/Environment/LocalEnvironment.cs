using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The environment behind <see cref="MLContext"/> and, as a host, of each component.</summary>
internal sealed class LocalEnvironment : IHost, IHostEnvironmentInternal, ICancelable
{
    private readonly LocalEnvironment _root;
    private readonly LocalEnvironment _parent;
    private readonly Dictionary<string, object> _options = [];
    private readonly string _name;
    private readonly Lock _lock = new();
    private volatile bool _canceled;

    public LocalEnvironment(int? seed = null)
    {
        _root = this;
        Seed = seed;
        Rand = RandomUtils.Create(seed);
        ComponentCatalog = new ComponentCatalog();
        TempFilePath = Path.GetTempPath();
    }

    private LocalEnvironment(LocalEnvironment parent, string name, Random rand)
    {
        _root = parent._root;
        _parent = parent;
        _name = name;
        Seed = parent.Seed;
        Rand = rand;
        ComponentCatalog = parent.ComponentCatalog;
        TempFilePath = parent.TempFilePath;
        GpuDeviceId = parent.GpuDeviceId;
        FallbackToCpu = parent.FallbackToCpu;
    }

    /// <summary>Every channel message of this environment and its hosts, with the full name of its channel.</summary>
    public event Action<string, ChannelMessage> Message;

    public int? Seed { get; }

    public Random Rand { get; }

    public ComponentCatalog ComponentCatalog { get; }

    public string TempFilePath { get; set; }

    public bool FallbackToCpu { get; set; }

    public int? GpuDeviceId { get; set; }

    public bool IsCanceled => _canceled || _parent is { IsCanceled: true };

    /// <summary>This host's name after that of its parent's parent (so does ML.NET); null for the root.</summary>
    public string FullName => _parent?._parent?.FullName is { } outer ? $"{outer}; {_name}" : _name;

    public string ContextDescription => "HostEnvironment";

    public void CancelExecution() => _canceled = true;

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        lock (_lock)
        {
            return new LocalEnvironment(this, name, seed is { } value ? RandomUtils.Create(value) : RandomUtils.Create(Rand));
        }
    }

    public IChannel Start(string name) => new Channel(this, name);

    public IPipe<TMessage> StartPipe<TMessage>(string name) => new Pipe<TMessage>(this, name);

    public IProgressChannel StartProgressChannel(string name) => new ProgressChannel(this, name);

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        if (ex is not null)
        {
            ex.Data["Throwing component"] = "Environment";
            Contracts.Mark(ex);
        }

        return ex;
    }

    public bool TryAddOption<T>(string name, T value)
    {
        if (_options.ContainsKey(Checked(name)))
        {
            return false;
        }

        _options[name] = value;
        return true;
    }

    public void SetOption<T>(string name, T value) => _options[Checked(name)] = value;

    public bool TryGetOption<T>(string name, out T value)
    {
        if (_options.TryGetValue(Checked(name), out var found) && found is T typed)
        {
            value = typed;
            return true;
        }

        value = default;
        return false;
    }

    public T GetOptionOrDefault<T>(string name)
    {
        TryAddOption<T>(name, default);
        return (T)_options[name];
    }

    public bool RemoveOption(string name) => _options.Remove(Checked(name));

    internal void Send(string channel, ChannelMessage message) => _root.Message?.Invoke(channel, message);

    private static string Checked(string name)
        => string.IsNullOrWhiteSpace(name) ? throw new ArgumentNullException(nameof(name)) : name;
}
