using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Microsoft.ML.Dmcp.AutoML.Store;

/// <summary>A file of SQLite: one machine, any number of processes.</summary>
/// <param name="path">Its full name.</param>
internal sealed class SqliteDatabase(string path) : StoreDatabase
{
    // Of sqlite3.h.
    private const int Permission = 3, Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14,
        NoDatabase = 26;

    private readonly string _connection = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        // A file that nobody has open can be moved and deleted.
        Pooling = false,
        DefaultTimeout = 30,
    }.ToString();

    /// <summary>Most pages of the file, for tests of a full disk; null for SQLite's own limit.</summary>
    public int? LargestPages { get; init; }

    public override string Name => $"SQLite file '{path}'";

    public override bool MayExist => File.Exists(path);

    public override string Now => "unixepoch('now', 'subsec')";

    // A transaction that writes is alone.
    public override string SkipLocked => "";

    public override string ForUpdate => "";

    public override string? LockSchema => null;

    public override string CountTables => "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = @name";

    protected override DbConnection Open()
    {
        MakeFolder();
        var connection = new SqliteConnection(_connection);
        try
        {
            connection.Open();
            using var pragma = connection.CreateCommand();
            // Readers and one writer at a time; what is committed survives a power cut.
            pragma.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;" +
                (LargestPages is { } pages ? FormattableString.Invariant($"PRAGMA max_page_count = {pages};") : "");
            pragma.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    protected override bool MayPass(Exception e) => CodeOf(e) is Busy or Locked;

    protected override Exception Explain(Exception e) => CodeOf(e) switch
    {
        Busy or Locked => new IOException(
            $"{Name} is kept busy by another process for more than 30 seconds: end what has it open, or copy it for reading.", e),
        ReadOnly or CannotOpen or Permission => new IOException(
            $"{Name} cannot be written: give the user of this process the right to write to the file and its folder, " +
            "or give another CheckpointFolder.", e),
        Full => new IOException(
            $"{Name} cannot be written: the disk is full. Free some room, then run the experiment again: it goes on.", e),
        InputOutput => new IOException(
            $"{Name} cannot be read or written: {e.Message} Keep it on a disk of this machine; PostgreSQL serves several machines.", e),
        Corrupt or NoDatabase => new FormatException(
            $"{Name} is damaged, or no file of SQLite. Move it away and run the experiment again, which then begins anew.", e),
        _ => new IOException($"{Name} refuses a request: {e.Message}", e),
    };

    private static int CodeOf(Exception e) => e is SqliteException sqlite ? sqlite.SqliteErrorCode : 0;

    private void MakeFolder()
    {
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The folder '{folder}' of the experiment's store cannot be made: {e.Message}", e);
        }
    }
}
