using System.Text.Json;

namespace Microsoft.ML.Dmcp.Tests.Reports;

/// <summary>Chromium without a window, and without a way to the network.</summary>
/// <param name="folder">Holds its profile and logs.</param>
internal sealed class Browser(string folder)
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>The program: CHROMIUM names it, or it is on the path; null where there is none.</summary>
    public static string? Program { get; } = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named
        ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(path => Names.Select(name => Path.Combine(path, name)))
            .FirstOrDefault(File.Exists);

    /// <summary>What the last page asked for, other than itself.</summary>
    public IReadOnlyList<string> Requests { get; private set; } = [];

    /// <summary>What the last page wrote to its console.</summary>
    public IReadOnlyList<string> Console { get; private set; } = [];

    /// <summary>Opens a page and photographs it.</summary>
    public string Photograph(string page, int width, int height, bool dark = false)
    {
        var picture = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(page)}-{width}{(dark ? "-dark" : "")}.png");
        Run(page, ["--hide-scrollbars", $"--window-size={width},{height}", $"--screenshot={picture}",
            $"--blink-settings=preferredColorScheme={(dark ? 0 : 1)}"]);
        return picture;
    }

    /// <summary>Opens a page and gives what its scripts made of it, as HTML.</summary>
    public string Open(string page) => Run(page, ["--window-size=1600,1200", "--dump-dom"]);

    private string Run(string page, IReadOnlyList<string> what)
    {
        var log = Path.Combine(folder, "net.json");
        var output = Package.CommandLine.Succeed(folder, Program ?? throw new InvalidOperationException(BrowserFactAttribute.Missing),
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking",
            "--proxy-server=127.0.0.1:9", $"--user-data-dir={Path.Combine(folder, "profile")}", "--enable-logging=stderr",
            $"--log-net-log={log}", .. what, new Uri(page).AbsoluteUri,
        ]);
        Console = output.Split('\n').Where(line => line.Contains(":CONSOLE:", StringComparison.Ordinal)).ToArray();
        Requests = RequestsOf(log, new Uri(page).AbsoluteUri);
        return output;
    }

    /// <summary>The addresses in Chromium's log of its network that a page asked for; the browser's own errands have no origin.</summary>
    private static string[] RequestsOf(string log, string page)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(log));
        return document.RootElement.GetProperty("events").EnumerateArray()
            .Where(e => e.TryGetProperty("params", out var p) && p.TryGetProperty("url", out _) && p.TryGetProperty("initiator", out _))
            .Select(e => e.GetProperty("params"))
            .Where(p => p.GetProperty("initiator").GetString() != "not an origin")
            .Select(p => p.GetProperty("url").GetString()!)
            .Where(url => url != page)
            .Distinct()
            .ToArray();
    }
}
