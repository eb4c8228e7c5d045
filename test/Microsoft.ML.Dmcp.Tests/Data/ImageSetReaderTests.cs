using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Tests.Data;

/// <summary>Image files are decoded by several threads; nobody shall notice but by the clock.</summary>
public sealed class ImageSetReaderTests : IDisposable
{
    // Enough for several of ML.NET's batches of 128 rows.
    private const int Images = 600;

    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-reader").FullName;
    private readonly List<string> _warnings = [];

    public ImageSetReaderTests()
    {
        var random = new RandomSource(1);
        for (var i = 0; i < Images; i++)
        {
            using var image = TestImages.ToImage(TestImages.Pixels(i % TestImages.Classes, random), TestImages.Size, TestImages.Size);
            image.Save(FileOf(i));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Images_decoded_in_parallel_keep_their_order_and_their_warnings()
    {
        foreach (var i in new[] { 3, 290, 291, 599 })
            File.WriteAllBytes(FileOf(i), [1, 2, 3]);
        var (parallel, alone) = (Read(Data(Files())), Read(new CountingView(Data(Files()))));
        Assert.Equal(Images - 4, parallel.Count);
        Assert.Equal(alone.Labels, parallel.Labels);
        Assert.All(Enumerable.Range(0, alone.Count), i => Assert.Equal(alone.Images[i], parallel.Images[i]));
        Assert.Equal(2, _warnings.Count);
        Assert.Equal(_warnings[0], _warnings[1]);
        Assert.Contains($"row 4 (ImagePath '{FileOf(3)}'), row 291 (ImagePath '{FileOf(290)}'), row 292 (", _warnings[0]);
    }

    [Fact]
    public void An_image_of_another_size_is_the_first_such_one_whichever_thread_finds_one_first()
    {
        foreach (var i in new[] { 140, 300, 450 })
        {
            using var image = TestImages.ToImage(new byte[14 * 14 * 3], 14, 14);
            image.Save(FileOf(i));
        }
        Assert.Contains(
            $"{FileOf(140)}' in column 'Image' is 14x14 pixels; needed is 12x12",
            Assert.Throws<InvalidOperationException>(() => Read(Data(Files()))).Message);
    }

    [Fact]
    public void A_cancelled_reading_stops_all_its_threads()
    {
        var files = new CountingView(Files());
        var asked = 0;
        Assert.Throws<OperationCanceledException>(() => Read(Data(files), () => ++asked > 10));
        var read = files.RowsRead;
        Assert.Equal(0, files.OpenCursors);
        Thread.Sleep(50);
        Assert.Equal(read, files.RowsRead);
    }

    [Fact]
    public void A_failure_of_the_rows_themselves_reaches_the_caller_and_closes_them()
    {
        var files = new CountingView(Files()) { AtRow = row => Assert.NotEqual(400, row) };
        Assert.IsType<Xunit.Sdk.NotEqualException>(Assert.ThrowsAny<Exception>(() => Read(Data(files))).GetBaseException());
        Assert.Equal(0, files.OpenCursors);
    }

    private string FileOf(int index) => Path.Combine(_folder, $"{index}.png");

    private IDataView Files() => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, Images).Select(FileRow).ToArray());

    private ImageFile FileRow(int index) => new() { ImagePath = FileOf(index), Label = $"class-{index % TestImages.Classes}" };

    private IDataView Data(IDataView files) =>
        _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.LoadImages("Image", null, "ImagePath")).Fit(Files())
            .Transform(files);

    private ImageSet Read(IDataView data, Func<bool>? isCanceled = null)
    {
        var vector = new VectorImage(PixelLayout.Interleaved, 3, 0, 0);
        var log = new RunLog(_ => { }, _warnings.Add) { IsCanceledAround = isCanceled ?? (() => false) };
        return ImageSetReader.Read(data, "Label", "Image", vector, log);
    }
}
