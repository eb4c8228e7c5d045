using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Named streams kept together in a zip; those that are open live in temporary files, or in memory.</summary>
internal abstract class Repository : IDisposable
{
    private readonly List<Entry> _open = [];
    private readonly bool _useFileSystem;

    private protected Repository(bool useFileSystem, IExceptionContext ectx)
    {
        _useFileSystem = useFileSystem;
        ExceptionContext = ectx;
    }

    public IExceptionContext ExceptionContext { get; }

    protected bool Disposed { get; private set; }

    public void Dispose()
    {
        if (!Disposed)
        {
            Dispose(true);
            Disposed = true;
        }
    }

    protected virtual void Dispose(bool disposing) => DisposeAllEntries();

    protected void DisposeAllEntries()
    {
        while (_open.Count > 0)
        {
            _open[^1].Dispose();
        }
    }

    protected abstract void OnDispose(Entry ent);

    protected Entry AddEntry(string path, Stream stream)
    {
        var entry = new Entry(this, path, stream);
        _open.Add(entry);
        return entry;
    }

    protected string GetPath(string dir, string name)
    {
        ExceptionContext.Check(!Disposed);
        ExceptionContext.CheckParam(dir is null || !dir.Contains(".."), nameof(dir));
        ExceptionContext.CheckParam(!string.IsNullOrWhiteSpace(name), nameof(name));
        ExceptionContext.CheckParam(!name.Contains(".."), nameof(name));
        return Normalize(Path.Combine(dir ?? "", name));
    }

    // Model files written on Windows separate folders by back-slashes.
    protected static string Normalize(string path) => path.Replace('\\', '/');

    protected Stream CreateStream()
    {
        if (!_useFileSystem)
        {
            return new MemoryStream();
        }

        var folder = (ExceptionContext as IHostEnvironmentInternal)?.TempFilePath ?? Path.GetTempPath();
        var file = Path.Combine(folder, $"ml_dotnet_{Path.GetRandomFileName()}");
        return new FileStream(file, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
    }

    /// <summary>An open stream.</summary>
    public sealed class Entry : IDisposable
    {
        private Repository _repository;

        internal Entry(Repository rep, string path, Stream stream)
        {
            _repository = rep;
            Path = path;
            Stream = stream;
        }

        public string Path { get; }

        public Stream Stream { get; }

        public void Dispose()
        {
            var repository = Interlocked.Exchange(ref _repository, null);
            if (repository is not null)
            {
                repository._open.Remove(this);
                repository.OnDispose(this);
            }
        }
    }
}
