using System.Data.Common;
using System.Diagnostics;
using System.Net.Sockets;

namespace Microsoft.ML.Dmcp.AutoML.Store;

/// <summary>What differs between the databases that an experiment may be kept in.</summary>
internal abstract class StoreDatabase
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // One that never answered is rather named wrongly than away for a moment.
    private bool _answered;

    /// <summary>What messages call it; without a password.</summary>
    public abstract string Name { get; }

    /// <summary>Whether there may be something to read, so that who only looks makes nothing.</summary>
    public abstract bool MayExist { get; }

    /// <summary>SQL of the time of the database's own clock, in seconds since 1970.</summary>
    public abstract string Now { get; }

    /// <summary>SQL behind a query of the one row that is to be taken, where writers work at the same time.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>SQL behind a query of a row that nobody else may change meanwhile.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>SQL that lets nobody else make tables meanwhile; null where transactions do.</summary>
    public abstract string? LockSchema { get; }

    /// <summary>SQL of the number of tables with a name of @name.</summary>
    public abstract string CountTables { get; }

    /// <summary>
    /// Does something in one transaction: all of it happens, or nothing. Where the database is busy or away for a moment, it is tried
    /// again; what is done may therefore have been done already.
    /// </summary>
    /// <exception cref="IOException">The database cannot be reached or written; the message says what to do.</exception>
    /// <exception cref="FormatException">It is no store.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work began.</exception>
    public T Run<T>(Func<StoreTransaction, T> work, CancellationToken cancellation = default)
    {
        var watch = Stopwatch.StartNew();
        for (var pause = TimeSpan.FromMilliseconds(50); ; pause *= 2)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                using var connection = Open();
                using var transaction = connection.BeginTransaction();
                var result = work(new StoreTransaction(connection, transaction));
                transaction.Commit();
                _answered = true;
                return result;
            }
            // Npgsql lets those of the network through.
            catch (Exception e) when (e is DbException or SocketException or TimeoutException)
            {
                if (!_answered || !MayPass(e) || watch.Elapsed + pause > Patience)
                    throw Explain(e);
                cancellation.WaitHandle.WaitOne(pause);
            }
        }
    }

    /// <summary>A connection that is open.</summary>
    protected abstract DbConnection Open();

    /// <summary>Whether the same may succeed a moment later.</summary>
    protected abstract bool MayPass(Exception e);

    /// <summary>The exception for users, which names the store and the fix.</summary>
    protected abstract Exception Explain(Exception e);
}
