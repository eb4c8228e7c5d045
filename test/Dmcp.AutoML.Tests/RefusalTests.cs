using System.Net;

namespace Dmcp.AutoML.Tests;

/// <summary>What the server refuses, whoever asks.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly string _workspace = Directory.CreateTempSubdirectory("dmcp-refusal").FullName;

    public void Dispose() => Directory.Delete(_workspace, recursive: true);

    [Fact]
    public async Task Uploads_are_refused_that_are_too_large_unpack_to_too_much_or_hold_no_classes_and_none_leaves_its_folder()
    {
        using var server = new Server(_workspace, "--largest-upload", "1");
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        var image = DrawnZip.Disc("red", new Random(1));
        await Refused([0x50, 0x4b, 3, 4, 0, 0], "The file is no zip archive");
        await Refused(new byte[1_100_000], "The upload is larger than 1 MB");
        await Refused(DrawnZip.Of(("a/1.png", image)), "holds images of 1 classes; needed are two or more");
        await Refused(DrawnZip.Of(("1.png", image), ("2.png", image)), "holds images of 0 classes");
        // 5 MB of nothing in 5 kB each.
        await Refused(DrawnZip.Of(("a/1.png", new byte[3_000_000]), ("b/1.png", new byte[3_000_000])), "unpacks to more than 4 MB");
        string[] outside = ["../../evil/1.png", "/etc/2.png", "a/../b/3.png", "..\\c\\4.png"];
        await Refused(DrawnZip.Of(outside.Select(name => (name, image))), "0 classes");
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_workspace, "uploads")));

        async Task Refused(byte[] zip, string why)
        {
            using var answer = await client.PostAsync("api/uploads", new ByteArrayContent(zip));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains(why, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Experiments_that_cannot_be_are_refused_with_the_reason()
    {
        using var server = new Server(_workspace);
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        await Refused("""{ "folder": "/no/such/folder" }""", "There is no folder '/no/such/folder'");
        await Refused("""{ "upload": "../../etc" }""", "The upload is not there any more");
        await Refused("{}", "Choose a zip of images or name a folder");
        await Refused("nonsense", "");
        using var missing = await client.GetAsync("api/experiments/nothing");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);

        async Task Refused(string request, string why)
        {
            using var body = new StringContent(request, System.Text.Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync("api/experiments", body);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains(why, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Only_this_machine_is_served_by_its_own_name_and_pages_of_other_sites_are_not()
    {
        using var server = new Server(_workspace);
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        Assert.Equal(HttpStatusCode.OK, await Status(_ => { }));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(r => r.Headers.Host = "evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(r => r.Headers.Add("Origin", "http://evil.example")));

        async Task<HttpStatusCode> Status(Action<HttpRequestMessage> change)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "api/experiments");
            change(request);
            using var answer = await client.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Where_others_are_let_in_they_need_the_token()
    {
        using var server = new Server(_workspace, "--token", "geheim");
        var address = new Uri(server.Address);
        Assert.Equal("?token=geheim", address.Query);
        var root = new Uri(address.GetLeftPart(UriPartial.Path));
        using var client = new HttpClient { BaseAddress = root };
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("api/experiments")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("api/experiments?token=falsch")).StatusCode);
        // A browser keeps it as a cookie.
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("api/experiments")).StatusCode);
        using var program = new HttpClient { BaseAddress = root };
        program.DefaultRequestHeaders.Add("Authorization", "Bearer geheim");
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("api/experiments")).StatusCode);
    }
}
