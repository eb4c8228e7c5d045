using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.Dmcp.Tests.Search;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>
/// Files from strangers, with right checksums: each loads or is refused with one exception; none ends the process, takes all memory or
/// hangs. DMCP_FUZZ sets how many mutations of each are tried, and DMCP_SEED which (eng/fuzz.sh).
/// </summary>
public sealed class HostileFileTests : IDisposable
{
    private static readonly int Mutations = int.TryParse(Environment.GetEnvironmentVariable("DMCP_FUZZ"), out var count) ? count : 300;

    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-hostile").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, InlineData("search"), InlineData("retrain")]
    public void A_mutated_model_file_loads_or_is_refused_with_one_exception_and_takes_little_memory(string name)
    {
        var data = TinyPipeline.Labelled(_ml);
        using var saved = new MemoryStream();
        _ml.Model.Save(TinyPipeline.Estimator(_ml, name).Fit(data), data.Schema, saved);
        var whole = saved.ToArray();
        var loaded = 0;
        Mutation.Of(ContentOf(whole).Length).Check(Mutations, mutations =>
            loaded += Loads(WithContent(whole, content => Mutation.Apply(mutations, content))) ? 1 : 0);
        Assert.InRange(loaded, 0, Mutations - 1);
        Assert.True(Environment.WorkingSet < 4L << 30, $"{Environment.WorkingSet >> 20} MB");
    }

    [Fact]
    public void Small_model_files_that_ask_for_much_are_refused_at_once()
    {
        var data = TinyPipeline.Labelled(_ml);
        using var saved = new MemoryStream();
        _ml.Model.Save(TinyPipeline.Estimator(_ml, "retrain").Fit(data), data.Schema, saved);
        var whole = saved.ToArray();
        Refused(Layers(whole, layers => Set(layers, "outChannels", 8000)), "");
        Refused(Layers(whole, layers => Set(layers, "kernel", 1 << 30)), "Layer");
        Refused(Layers(whole, layers => Set(layers, "padding", int.MaxValue)), "Layer");
        Refused(Layers(whole, layers =>
        {
            for (var i = 0; i < 40; i++)
                layers.Insert(1, JsonNode.Parse($$"""{"op":"concat","name":"c{{40 - i}}","inputs":[{{39 - i}},{{39 - i}}]}"""));
        }), "");
        Refused(Layers(whole, layers =>
        {
            for (var i = 0; i < 100_000; i++)
                layers.Add(JsonNode.Parse($$"""
                    {
                        "op": "conv", "name": "x{{i}}", "inputs": [{{i + 1}}], "outChannels": 1,
                        "kernel": 1, "stride": 1, "padding": 0, "depthwise": false, "hasBias": false
                    }
                    """));
        }), "layers");
        Refused(Header(whole, header => header["Mean"]![0] = 1e39), "");
        Refused(Header(whole, header => header["Deviation"]![0] = 0), "deviations");
        Refused(Header(whole, header => header["Method"] = 999), "method");
        Refused(Header(whole, header => header["ClassNames"]![0] = null), "");
        Refused(Header(whole, header => header["Config"]!["groups"]![0]!["width"] = 1), "other widths");
        // A text that says it is longer than the file.
        Refused(WithContent(whole, content => [0xff, 0xff, 0xff, 0xff, 0x07, .. content.Skip(5)]), "text");
    }

    [Fact]
    public void A_mutated_checkpoint_resumes_or_is_refused_with_one_exception()
    {
        var path = Path.Combine(_folder, "checkpoint");
        void Search()
        {
            using var run = new SearchRun(epochs: 2, images: 32, batchSize: 16, change: o => o.CheckpointPath = path);
            run.Search.Run();
        }
        var whole = OfInterruptedSearch(path);
        Mutation.Of(whole.Length - 32).Check(Mutations, mutations =>
        {
            File.WriteAllBytes(path, WithHash(Mutation.Apply(mutations, whole[..^32])));
            try
            {
                Search();
            }
            catch (Exception e) when (e is FormatException or InvalidOperationException)
            {
                Assert.Contains(e is FormatException ? path : "", e.Message);
            }
        });
    }

    [Fact]
    public void A_checkpoint_whose_position_cannot_be_is_refused_with_its_name()
    {
        var path = Path.Combine(_folder, "checkpoint");
        var content = OfInterruptedSearch(path)[..^32];
        // Epoch, batch and number of images: 0, 1 or 2, and 32, one after the other.
        var at = content.AsSpan().IndexOf(new byte[] { 0, 0, 0, 0, 1, 0, 0, 0, 32, 0, 0, 0 });
        Assert.True(at > 0);
        (int Offset, int Value)[] changes =
        [
            (0, -3), (0, 1_000_000), (4, -5), (4, 1_000_000), (8, -1), (8, int.MaxValue), (8, 31), (12, 1_000_000), (12, -1),
        ];
        foreach (var (offset, value) in changes)
        {
            var changed = content.ToArray();
            BitConverter.GetBytes(value).CopyTo(changed, at + offset);
            File.WriteAllBytes(path, WithHash(changed));
            var error = Assert.Throws<FormatException>(() =>
            {
                using var run = new SearchRun(epochs: 2, images: 32, batchSize: 16, change: o => o.CheckpointPath = path);
                run.Search.Run();
            });
            Assert.Contains(path, error.Message);
        }
    }

    [Fact]
    public void A_mutated_config_is_read_or_refused_with_one_exception_and_what_is_read_can_be_used()
    {
        var json = TinyPipeline.Config().ToJson();
        var content = Encoding.UTF8.GetBytes(json);
        Mutation.Of(content.Length).Check(10 * Mutations, mutations =>
        {
            try
            {
                var config = ChannelConfig.FromJson(Encoding.UTF8.GetString(Mutation.Apply(mutations, content)));
                _ = config.ToJson();
                _ = config.Groups.Count > 0 && config.Groups[0].Layers.Count > 0 ? config.DifferenceFrom(config) : [];
            }
            catch (Exception e) when (e is FormatException)
            {
            }
            catch (ArgumentException e)
            {
                Assert.Contains("no layer in common", e.Message);
            }
        });
        Assert.Throws<FormatException>(
            () => ChannelConfig.FromJson(json.Replace("\"layers\": [", "\"layers\": [null,", StringComparison.Ordinal)));
    }

    /// <summary>The checkpoint of a search that was cancelled in its first epoch.</summary>
    private static byte[] OfInterruptedSearch(string path)
    {
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
        {
            using var run = new SearchRun(
                epochs: 2,
                images: 32,
                batchSize: 16,
                report: _ => cancel.Cancel(),
                change: o => (o.CheckpointPath, o.CancellationToken) = (path, cancel.Token));
            run.Search.Run();
        });
        return File.ReadAllBytes(path);
    }

    private bool Loads(byte[] file)
    {
        try
        {
            (_ml.Model.Load(new MemoryStream(file), out _) as IDisposable)?.Dispose();
            return true;
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            return false;
        }
    }

    private void Refused(byte[] file, string because)
    {
        var before = GC.GetTotalAllocatedBytes();
        var error = Assert.ThrowsAny<Exception>(() => _ml.Model.Load(new MemoryStream(file), out _)).GetBaseException();
        Assert.IsType<FormatException>(error);
        Assert.True(error.Message.Contains(because, StringComparison.Ordinal), $"{because}: {error.Message}");
        Assert.True(GC.GetTotalAllocatedBytes() - before < 1L << 30, because);
    }

    private static byte[] Layers(byte[] model, Action<JsonArray> change) =>
        Header(model, header => change(header["Network"]!["layers"]!.AsArray()));

    private static void Set(JsonArray layers, string property, int value)
    {
        foreach (var layer in layers.Where(l => (string?)l!["op"] == "conv"))
            layer![property] = value;
    }

    private static byte[] Header(byte[] model, Action<JsonNode> change) => WithContent(model, content =>
    {
        using var reader = new BinaryReader(new MemoryStream(content));
        var header = JsonNode.Parse(reader.ReadString())!;
        var rest = reader.ReadBytes(content.Length);
        change(header);
        using var changed = new MemoryStream();
        using var writer = new BinaryWriter(changed);
        writer.Write(header.ToJsonString());
        writer.Write(rest);
        return changed.ToArray();
    });

    /// <summary>A model file with other content of our transformer, and the checksum of that.</summary>
    private static byte[] WithContent(byte[] model, Func<byte[], byte[]> change)
    {
        using var zip = new MemoryStream();
        zip.Write(model);
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Update, leaveOpen: true))
        {
            using var stream = archive.Entries.Single(e => e.Name == "Dmcp").Open();
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            stream.SetLength(0);
            stream.Write(WithHash(change(content[..^32])));
        }
        return zip.ToArray();
    }

    private static byte[] ContentOf(byte[] model)
    {
        byte[] content = [];
        WithContent(model, c => content = c);
        return content;
    }

    private static byte[] WithHash(byte[] content) => [.. content, .. SHA256.HashData(content)];
}
