namespace Microsoft.ML.Dmcp.Tests.AutoML;

/// <summary>
/// A test that needs PostgreSQL's server, which eng/setup.sh installs. Where it is missing, the test is reported as skipped; where CI=true,
/// it runs and fails.
/// </summary>
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("CI") != "true" && !IsInstalled)
            Skip = "PostgreSQL is not installed: eng/setup.sh does it as root, or apt-get install postgresql.";
    }

    private static bool IsInstalled { get; } =
        new[] { "/usr/lib/postgresql", "/usr/pgsql" }.Any(Directory.Exists)
        || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "initdb")));
}
