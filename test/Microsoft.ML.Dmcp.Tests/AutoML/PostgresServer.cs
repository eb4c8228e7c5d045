using System.Diagnostics;
using Microsoft.ML.Dmcp.Tests.Package;
using Npgsql;

namespace Microsoft.ML.Dmcp.Tests.AutoML;

/// <summary>
/// A PostgreSQL of the tests' own (eng/postgres.sh), started when the first test needs it and stopped with them, even when they are killed.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private readonly Lazy<(Process Process, string Connection)> _server = new(Start);
    private int _databases;

    public void Dispose()
    {
        if (!_server.IsValueCreated)
            return;
        using var process = _server.Value.Process;
        process.StandardInput.Close();
        process.WaitForExit();
    }

    /// <summary>Connection string of an empty database.</summary>
    public string NewDatabase()
    {
        var name = $"dmcp_{++_databases}";
        using var connection = new NpgsqlConnection($"{_server.Value.Connection};Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        command.ExecuteNonQuery();
        return new NpgsqlConnectionStringBuilder(_server.Value.Connection) { Database = name }.ToString();
    }

    /// <summary>Ends the server as a power cut would, and starts it again.</summary>
    public void Restart()
    {
        _server.Value.Process.StandardInput.WriteLine("restart");
        Assert.Equal("restarted", _server.Value.Process.StandardOutput.ReadLine());
    }

    private static (Process, string) Start()
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "eng", "postgres.sh"), ["run"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        // Read to its end meanwhile, or the server would wait when the pipe is full.
        var errors = process.StandardError.ReadToEndAsync();
        var connection = process.StandardOutput.ReadLine();
        return connection is not null ? (process, connection)
            : throw new InvalidOperationException($"The PostgreSQL of the tests does not start: {errors.Result}");
    }
}
