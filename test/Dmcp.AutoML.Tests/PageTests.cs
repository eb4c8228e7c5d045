using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dmcp.AutoML.Tests;

/// <summary>What a user does on the page, in Chromium. With SCREENSHOTS=DIR pictures of every step are kept there.</summary>
public sealed class PageTests : IAsyncLifetime
{
    private readonly string _workspace = Directory.CreateTempSubdirectory("dmcp-page").FullName;
    private readonly string? _pictures = Environment.GetEnvironmentVariable("SCREENSHOTS");
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async Task InitializeAsync()
    {
        if (!File.Exists(BrowserFactAttribute.Browser))
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = BrowserFactAttribute.Browser,
            // It starts as root too, and shows our own page only.
            Args = ["--no-sandbox"],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        Directory.Delete(_workspace, recursive: true);
    }

    [BrowserFact]
    public async Task A_user_uploads_images_starts_watches_cancels_resumes_and_takes_a_model()
    {
        using var server = new Server(_workspace);
        var page = await _browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 } });
        var problems = new List<string>();
        page.PageError += (_, error) => problems.Add(error);
        page.SetDefaultTimeout(60_000);
        SetDefaultExpectTimeout(60_000);
        await page.GotoAsync(server.Address);

        // Upload.
        await page.SetInputFilesAsync("#zip", new FilePayload { Name = "a.zip", MimeType = "application/zip", Buffer = [1, 2, 3] });
        await Expect(page.Locator("#upload")).ToContainTextAsync("The file is no zip archive");
        await page.SetInputFilesAsync("#zip",
            new FilePayload { Name = "discs.zip", MimeType = "application/zip", Buffer = DrawnZip.OfDiscs(perClass: 16) });
        await Expect(page.Locator("#upload")).ToContainTextAsync(
            "48 images of 3 classes: blå (16), green (16), red (16); one file was left out, which is no image");
        await Picture(page, "form");

        // Start; what cannot be is said.
        await page.FillAsync("#name", "Discs <b>1</b>");
        await page.FillAsync("#imageSize", "16");
        await page.FillAsync("#smallest", "90");
        await page.ClickAsync("summary");
        (string, string)[] fields =
            [("trials", "4"), ("sharedEpochs", "2"), ("searchEpochs", "1"), ("trainingEpochs", "6"), ("batchSize", "8")];
        foreach (var (field, value) in fields)
            await page.FillAsync($"#{field}", value);
        await page.ClickAsync("#start");
        await Expect(page.Locator("#problem")).ToContainTextAsync("LargestBudget is 75 % of the FLOPs; needed is more than");
        await page.FillAsync("#smallest", "20");
        await page.ClickAsync("#start");

        // Watch, cancel, resume.
        await Expect(page.Locator("#title")).ToHaveTextAsync("Discs <b>1</b>");
        await Expect(page.Locator("#left")).ToContainTextAsync("left");
        await Expect(page.Locator("#trialsTable tbody tr")).Not.ToHaveCountAsync(0);
        await page.ClickAsync("#cancel");
        await Expect(page.Locator("#status")).ToHaveTextAsync("cancelled");
        await page.ClickAsync("#resume");
        await Expect(page.Locator("#status")).ToHaveTextAsync("running");
        await Expect(page.Locator("#curves svg")).ToBeVisibleAsync();
        await Expect(page.Locator("#trialsTable tbody tr.front").First).ToBeVisibleAsync();
        await Picture(page, "running");
        await Expect(page.Locator("#status")).ToHaveTextAsync("done", new() { Timeout = 180_000 });
        await Expect(page.Locator("#trialsTable tbody tr")).ToHaveCountAsync(5);

        // Look at the best, try a picture, compare two.
        await page.ClickAsync("#trialsTable tr.best");
        await Expect(page.Locator("#detailText")).ToContainTextAsync("completed: accuracy");
        await page.SetInputFilesAsync("#picture",
            new FilePayload { Name = "x.png", MimeType = "image/png", Buffer = DrawnZip.Disc("red", new Random(9)) });
        await Expect(page.Locator("#prediction .width")).ToHaveCountAsync(3);
        await page.SetInputFilesAsync("#picture", new FilePayload { Name = "x.png", MimeType = "image/png", Buffer = "no"u8.ToArray() });
        await Expect(page.Locator("#prediction")).ToContainTextAsync("The file is no image");
        await page.SetInputFilesAsync("#picture",
            new FilePayload { Name = "x.png", MimeType = "image/png", Buffer = DrawnZip.Disc("red", new Random(9)) });
        await Expect(page.Locator("#prediction .width")).ToHaveCountAsync(3);
        await page.CheckAsync("[aria-label='compare trial 2']");
        await page.CheckAsync("[aria-label='compare trial 4']");
        await Expect(page.Locator("#comparison")).ToContainTextAsync("width of");

        // Take it along.
        foreach (var (file, least) in new[] { ("model.zip", 10_000), ("model.onnx", 10_000), ("config.json", 500) })
            Assert.True(await DownloadedBytes(page, $"#downloads >> text={file}") > least, file);
        Assert.True(await DownloadedBytes(page, "#report") > 500);
        Assert.Empty(problems);
        await page.ClickAsync("#view summary");
        await Expect(page.Locator("#log")).ToContainTextAsync("The experiment is done.");
        await Picture(page, "done");
    }

    [BrowserFact]
    public async Task An_experiment_is_there_again_when_the_server_is_started_anew()
    {
        string title;
        using (var server = new Server(_workspace))
        {
            var page = await _browser.NewPageAsync();
            await page.GotoAsync(server.Address);
            await page.SetInputFilesAsync("#zip",
                new FilePayload { Name = "discs.zip", MimeType = "application/zip", Buffer = DrawnZip.OfDiscs(perClass: 8) });
            await Expect(page.Locator("#upload")).ToContainTextAsync("24 images");
            await page.ClickAsync("#start");
            await Expect(page.Locator("#trialsTable tbody tr")).Not.ToHaveCountAsync(0, new() { Timeout = 60_000 });
            title = (await page.TextContentAsync("#title"))!;
        }
        using (var server = new Server(_workspace))
        {
            var page = await _browser.NewPageAsync();
            await page.GotoAsync(server.Address);
            await Expect(page.Locator("#title")).ToHaveTextAsync(title);
            await Expect(page.Locator("#resume")).ToBeVisibleAsync();
            await Expect(page.Locator("#trialsTable tbody tr")).Not.ToHaveCountAsync(0);
        }
    }

    private static async Task<long> DownloadedBytes(IPage page, string link)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync(link));
        return new FileInfo((await download.PathAsync())!).Length;
    }

    private async Task Picture(IPage page, string name)
    {
        if (_pictures is null)
            return;
        var wide = page.ViewportSize!;
        await page.ScreenshotAsync(new() { Path = Path.Combine(_pictures, $"{name}.wide.png"), FullPage = true });
        await page.SetViewportSizeAsync(390, 844);
        await page.ScreenshotAsync(new() { Path = Path.Combine(_pictures, $"{name}.narrow.png"), FullPage = true });
        await page.SetViewportSizeAsync(wide.Width, wide.Height);
    }
}
