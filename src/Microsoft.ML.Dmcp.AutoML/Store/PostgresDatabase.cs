using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace Microsoft.ML.Dmcp.AutoML.Store;

/// <summary>A database of PostgreSQL: any number of machines.</summary>
/// <param name="settings">The connection string, parsed.</param>
internal sealed class PostgresDatabase(NpgsqlConnectionStringBuilder settings) : StoreDatabase
{
    // Any number that other programs in the database will not lock.
    private const string SchemaLock = "7013548120652340019";

    public override string Name => $"PostgreSQL database '{settings.Database ?? settings.Username}' on '{settings.Host}:{settings.Port}'";

    public override bool MayExist => true;

    public override string Now => "extract(epoch from clock_timestamp())::double precision";

    public override string SkipLocked => "FOR UPDATE SKIP LOCKED";

    public override string ForUpdate => "FOR UPDATE";

    public override string? LockSchema => $"SELECT pg_advisory_xact_lock({SchemaLock})";

    public override string CountTables =>
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = @name";

    protected override DbConnection Open()
    {
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // Of PostgreSQL's codes: two transactions in each other's way, and a server that is being restarted.
    protected override bool MayPass(Exception e) => e is SocketException or TimeoutException or NpgsqlException { IsTransient: true }
        or PostgresException { SqlState: "40001" or "40P01" or "57P01" or "57P02" or "57P03" };

    protected override Exception Explain(Exception e) => e switch
    {
        PostgresException { SqlState: "28P01" or "28000" } => new IOException(
            $"{Name} refuses user '{settings.Username}': check Username and Password of the connection string.", e),
        PostgresException { SqlState: "3D000" } => new IOException($"{Name} does not exist: make it with createdb.", e),
        PostgresException { SqlState: "42501" } => new IOException(
            $"{Name} does not let user '{settings.Username}' do what an experiment needs: {e.Message} " +
            "Grant the right to create and change tables in its schema.", e),
        PostgresException { SqlState: "53100" } => new IOException($"{Name} cannot be written: the server's disk is full.", e),
        PostgresException => new IOException($"{Name} refuses a request: {e.Message}", e),
        _ => new IOException($"{Name} cannot be reached: {e.Message} Check that the server runs, and Host and Port.", e),
    };
}
