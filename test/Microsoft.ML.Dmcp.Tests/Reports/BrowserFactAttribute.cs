namespace Microsoft.ML.Dmcp.Tests.Reports;

/// <summary>
/// A test that looks at a page in Chromium. Where there is none it is reported as skipped; in CI (CI=true) it fails.
/// </summary>
internal sealed class BrowserFactAttribute : FactAttribute
{
    public const string Missing = "There is no Chromium to look at the report with: apt-get install chromium (eng/setup.sh does for root " +
        "on Debian), or name its program in CHROMIUM.";

    public BrowserFactAttribute()
    {
        if (Browser.Program is null && Environment.GetEnvironmentVariable("CI") != "true")
            Skip = Missing;
    }
}
