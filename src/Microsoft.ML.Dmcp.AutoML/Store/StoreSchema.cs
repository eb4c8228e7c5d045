using System.Globalization;

namespace Microsoft.ML.Dmcp.AutoML.Store;

/// <summary>The tables of a store, the same in every database, and their version.</summary>
internal static class StoreSchema
{
    /// <summary>Goes up with every change; a store of a later version is refused.</summary>
    public const int Version = 1;

    private const string Tables = """
        CREATE TABLE dmcp_schema (version INTEGER NOT NULL);
        CREATE TABLE dmcp_experiments (
            name TEXT PRIMARY KEY,
            id TEXT NOT NULL,
            settings TEXT NOT NULL,
            created DOUBLE PRECISION NOT NULL);
        CREATE TABLE dmcp_trials (
            experiment TEXT NOT NULL REFERENCES dmcp_experiments (name),
            number INTEGER NOT NULL,
            network TEXT NOT NULL,
            method TEXT NOT NULL,
            budget DOUBLE PRECISION NOT NULL,
            seed INTEGER NOT NULL,
            state TEXT NOT NULL,
            trained_epochs INTEGER NOT NULL DEFAULT 0,
            neighbour INTEGER,
            worker TEXT,
            beat BIGINT NOT NULL DEFAULT 0,
            losses INTEGER NOT NULL DEFAULT 0,
            reason TEXT,
            config TEXT,
            cost DOUBLE PRECISION,
            metrics TEXT,
            progress TEXT,
            started DOUBLE PRECISION,
            ended DOUBLE PRECISION,
            seconds DOUBLE PRECISION NOT NULL DEFAULT 0,
            PRIMARY KEY (experiment, number),
            UNIQUE (experiment, network, method, budget, seed));
        CREATE TABLE dmcp_epochs (
            experiment TEXT NOT NULL,
            number INTEGER NOT NULL,
            phase TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            loss DOUBLE PRECISION,
            accuracy DOUBLE PRECISION,
            validation DOUBLE PRECISION,
            PRIMARY KEY (experiment, number, phase, epoch),
            FOREIGN KEY (experiment, number) REFERENCES dmcp_trials (experiment, number));
        """;

    /// <summary>Makes the tables where there are none.</summary>
    /// <exception cref="InvalidOperationException">The store is of a later version.</exception>
    public static void Ensure(StoreTransaction transaction, StoreDatabase database)
    {
        if (database.LockSchema is { } wait)
            transaction.Execute(wait);
        if (Exists(transaction, database))
        {
            Check(transaction, database);
            return;
        }
        transaction.Execute(Tables);
        transaction.Execute("INSERT INTO dmcp_schema (version) VALUES (@version)", ("version", Version));
    }

    /// <summary>Whether the tables are there.</summary>
    public static bool Exists(StoreTransaction transaction, StoreDatabase database) =>
        Convert.ToInt64(transaction.Scalar(database.CountTables, ("name", "dmcp_schema")), CultureInfo.InvariantCulture) > 0;

    private static void Check(StoreTransaction transaction, StoreDatabase database)
    {
        var version = Convert.ToInt64(transaction.Scalar("SELECT max(version) FROM dmcp_schema"), CultureInfo.InvariantCulture);
        if (version != Version)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"{database.Name} has tables of version {version}; this library knows version {Version}: ") +
                (version > Version ? "update Microsoft.ML.Dmcp.AutoML, or give another store." : "give another store."));
    }
}
