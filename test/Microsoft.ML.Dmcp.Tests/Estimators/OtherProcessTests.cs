using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Runtime.InteropServices;
using CsCheck;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>A model file is all that another process needs (test/Microsoft.ML.Dmcp.Tests.Loader).</summary>
public sealed class OtherProcessTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-process").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Model => Path.Combine(_folder, "model.zip");

    private string Pixels => Path.Combine(_folder, "pixels");

    [Fact]
    public void A_fresh_process_predicts_what_this_one_does_and_refuses_damaged_files_with_one_clear_error()
    {
        var rows = TestImages.Rows(96, seed: 1).Select(r => new NumberedRow { Digit = 3 * (r.Name[^1] - '0'), Pixels = r.Pixels })
            .ToArray();
        var data = _ml.Data.LoadFromEnumerable(rows);
        var model = _ml.Transforms.Conversion.MapValueToKey("Label", nameof(NumberedRow.Digit))
            .Append(_ml.Transforms.DmcpSearch(TinyPipeline.Search()))
            .Append(_ml.MulticlassClassification.Trainers.PrunedRetrain(TinyPipeline.RetrainFound(epochs: 4)))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Class", "PredictedLabel")).Fit(data);
        _ml.Model.Save(model, data.Schema, Model);
        File.WriteAllBytes(Pixels, MemoryMarshal.AsBytes<float>(rows.SelectMany(r => r.Pixels).ToArray()).ToArray());

        var (status, output, error) = Load();
        Assert.True(status == 0, error);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var expected = _ml.Data.CreateEnumerable<ScoreRow>(model.Transform(data), false).ToArray();
        Assert.Equal(expected.Length, lines.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            var numbers = lines[i].Split(' ').Select(n => float.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            // Another number of threads may add in another order.
            for (var c = 0; c < TestImages.Classes; c++)
                Assert.Equal(expected[i].Score[c], numbers[c], 1e-5f);
            Assert.Equal(3 * Array.IndexOf(numbers[..4], numbers[..4].Max()), numbers[4]);
        }

        var whole = File.ReadAllBytes(Model);
        foreach (var length in new[] { 0, 100, whole.Length / 2, whole.Length - 1 })
            Refused(whole[..length], $"the first {length} bytes");
        // A single bit, which a zip file does not always notice, is noticed where it matters.
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[0, 7]).Check(60, (at, bit) =>
        {
            var damaged = whole.ToArray();
            damaged[at] ^= (byte)(1 << bit);
            if (Scores(damaged, data) is { } scores)
                Assert.Equal(expected.Select(e => e.Score), scores);
        });
        var torn = whole.ToArray();
        torn.AsSpan(whole.Length / 2, 200).Reverse();
        Refused(torn, "damage in the middle");
    }

    [Fact]
    public void Content_that_changed_since_it_was_saved_is_refused_and_content_without_a_checksum_is_read_from_old_files_only()
    {
        var data = TinyPipeline.Labelled(_ml);
        foreach (var name in new[] { "search", "retrain" })
        {
            var model = TinyPipeline.Estimator(_ml, name).Fit(data);
            byte[] Saved(Func<byte[], byte[]> change, bool asOldFile = false)
            {
                using var zip = new MemoryStream();
                _ml.Model.Save(model, data.Schema, zip);
                using (var archive = new ZipArchive(zip, ZipArchiveMode.Update, leaveOpen: true))
                {
                    using var stream = archive.Entries.Single(e => e.Name == "Dmcp").Open();
                    var content = new byte[stream.Length];
                    stream.ReadExactly(content);
                    stream.SetLength(0);
                    stream.Write(change(content));
                    if (asOldFile)
                        Age(archive);
                }
                return zip.ToArray();
            }
            Assert.NotNull(Loaded(Saved(content => content)));
            // As it was written before there were checksums.
            Assert.NotNull(Loaded(Saved(content => content[..^32], asOldFile: true)));
            Assert.Null(Loaded(Saved(content => content[..^32])));
            var changed = Saved(content =>
            {
                content[^40] ^= 1;
                return content;
            });
            var error = Assert.Throws<InvalidOperationException>(() => _ml.Model.Load(new MemoryStream(changed), out _));
            Assert.Contains("checksum", error.GetBaseException().Message);
        }
    }

    /// <summary>Gives the header of our transformer the version before: the number behind its signature.</summary>
    private static void Age(ZipArchive archive)
    {
        foreach (var entry in archive.Entries.Where(e => e.Name == "Model.key"))
        {
            using var stream = entry.Open();
            var header = new byte[stream.Length];
            stream.ReadExactly(header);
            var signature = new[] { "DMCPPRUN", "DMCPSRCH" }.Select(
                name => header.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(name))).Max();
            if (signature < 0)
                continue;
            header[signature + 8]--;
            stream.Position = 0;
            stream.Write(header);
        }
    }

    /// <summary>
    /// The scores that a file gives; null when it is refused: as it is loaded, or where ML.NET's own part names no column.
    /// </summary>
    private float[][]? Scores(byte[] file, IDataView data)
    {
        try
        {
            return Loaded(file) is not { } model ? null
                : _ml.Data.CreateEnumerable<ScoreRow>(model.Transform(data), false).Select(r => r.Score).ToArray();
        }
        catch (ArgumentOutOfRangeException e) when (e.Message.Contains("column", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private ITransformer? Loaded(byte[] file)
    {
        try
        {
            return _ml.Model.Load(new MemoryStream(file), out _);
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or InvalidOperationException or TargetInvocationException
            // ML.NET's files name the assemblies of their loaders.
            or FileNotFoundException)
        {
            return null;
        }
    }

    private void Refused(byte[] file, string what)
    {
        File.WriteAllBytes(Model, file);
        var (status, output, error) = Load();
        Assert.True(status == 2, $"{what}: status {status}, {output}{error}");
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private (int Status, string Output, string Error) Load()
    {
        // Beside this project's own output, in the same configuration and framework.
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var loader = Path.Combine(
            here.Parent!.Parent!.Parent!.Parent!.FullName, "Microsoft.ML.Dmcp.Tests.Loader", "bin", here.Parent.Name, here.Name,
            "Microsoft.ML.Dmcp.Tests.Loader.dll");
        Assert.True(File.Exists(loader), $"no {loader}: build the solution");
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [loader, Model, Pixels]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
