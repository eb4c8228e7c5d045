using Microsoft.ML.Dmcp.AutoML.Store;
using Npgsql;

namespace Microsoft.ML.Dmcp;

/// <summary>Where an experiment keeps its trials, metrics, configs and curves: a file, or a database that several machines reach.</summary>
public sealed class DmcpStore
{
    private DmcpStore(StoreDatabase database) => Database = database;

    internal StoreDatabase Database { get; }

    /// <summary>A file of SQLite, for any number of processes on one machine. Made if it is missing.</summary>
    /// <param name="path">The file, on a disk of this machine: network folders have no reliable locks.</param>
    public static DmcpStore Sqlite(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new DmcpStore(new SqliteDatabase(Path.GetFullPath(path)));
    }

    /// <summary>A database of PostgreSQL 12 or later, for any number of machines. Tables are made in it if they are missing.</summary>
    /// <param name="connectionString">
    /// As Npgsql reads it: <c>Host=...;Database=...;Username=...;Password=...</c>. The password gets into no message; it may stay in the
    /// environment (PGPASSWORD) or in a file (PGPASSFILE) too.
    /// </param>
    /// <exception cref="ArgumentException">It is no connection string.</exception>
    public static DmcpStore Postgres(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        NpgsqlConnectionStringBuilder parsed;
        try
        {
            parsed = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException or InvalidCastException)
        {
            // What Npgsql says may quote a piece of the password.
            throw new ArgumentException(
                "The text is no connection string of PostgreSQL; needed is Host=...;Database=...;Username=...;Password=..., " +
                "with values in double quotes where they hold ';' or '='.", nameof(connectionString));
        }
        return string.IsNullOrWhiteSpace(parsed.Host)
            ? throw new ArgumentException("The connection string names no Host.", nameof(connectionString))
            : new DmcpStore(new PostgresDatabase(parsed));
    }

    /// <summary>The store without its password.</summary>
    public override string ToString() => Database.Name;
}
