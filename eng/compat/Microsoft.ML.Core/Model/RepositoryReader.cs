using System.IO.Compression;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Reads a repository.</summary>
internal sealed class RepositoryReader : Repository
{
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];

    private RepositoryReader(Stream stream, IExceptionContext ectx, bool useFileSystem)
        : base(useFileSystem, ectx)
    {
        try
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (Exception ex)
        {
            throw ectx.ExceptDecode(ex, "Failed to open a zip archive");
        }

        foreach (var entry in _archive.Entries)
        {
            _entries[Normalize(entry.FullName)] = entry;
        }
    }

    public static RepositoryReader Open(Stream stream, IExceptionContext ectx = null, bool useFileSystem = true)
    {
        ectx.CheckValue(stream, nameof(stream));
        return new RepositoryReader(stream, ectx, useFileSystem);
    }

    public Entry OpenEntry(string name) => OpenEntry(null, name);

    public Entry OpenEntry(string dir, string name)
        => OpenEntryOrNull(dir, name) ?? throw ExceptionContext.Except("Repository doesn't contain entry {0}", GetPath(dir, name));

    public Entry OpenEntryOrNull(string name) => OpenEntryOrNull(null, name);

    public Entry OpenEntryOrNull(string dir, string name)
    {
        var path = GetPath(dir, name);
        if (!_entries.TryGetValue(path, out var entry))
        {
            return null;
        }

        // The zip's own stream cannot seek.
        var stream = CreateStream();
        try
        {
            using var source = entry.Open();
            source.CopyTo(stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }

        stream.Position = 0;
        return AddEntry(path, stream);
    }

    protected override void OnDispose(Entry ent) => ent.Stream.Dispose();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _archive?.Dispose();
    }
}
