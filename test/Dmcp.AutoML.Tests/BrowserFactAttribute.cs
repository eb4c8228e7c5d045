namespace Dmcp.AutoML.Tests;

/// <summary>
/// A test that needs Chromium (Debian's package chromium, or the program that CHROMIUM names). Where it is missing, the test is reported as
/// skipped; where CI=true, it runs and fails.
/// </summary>
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("CI") != "true" && !File.Exists(Browser))
            Skip = $"There is no browser '{Browser}': apt-get install chromium, or CHROMIUM names another one.";
    }

    public static string Browser { get; } = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";
}
