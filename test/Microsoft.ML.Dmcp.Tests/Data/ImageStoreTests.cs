using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Tests.Training;
using Microsoft.ML.Dmcp.Training.Retraining;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Data;

/// <summary>Images that memory has no room for lie in a temporary file; nobody shall notice but by the clock.</summary>
public sealed class ImageStoreTests : IDisposable
{
    private const int Count = 48, InMemory = 10;
    private const int ImageBytes = TestImages.Size * TestImages.Size * 3 * sizeof(float);

    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-store").FullName;
    private readonly List<string> _warnings = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Images_in_a_file_train_the_same_network_bit_for_bit()
    {
        var (memory, file) = (Read(long.MaxValue), Read(InMemory * ImageBytes + 1));
        Assert.StartsWith(
            $"{Count - InMemory} of {Count} images (0.00 GB) are kept in a temporary file in '{_folder}'", Assert.Single(_warnings));
        Assert.Equal(CheckpointIdentity.DigestOf(memory), CheckpointIdentity.DigestOf(file));
        Assert.Equal(Trained(memory), Trained(file));
    }

    [Fact]
    public void Images_that_are_put_aside_or_drawn_are_the_same_ones()
    {
        static string[] Digests(ImageSet set)
        {
            var (rest, aside) = set.Split(0.25, new RandomSource(1), "Share");
            return [.. new[] { rest, aside, rest.Sample(7, new RandomSource(2)) }.Select(CheckpointIdentity.DigestOf)];
        }
        Assert.Equal(Digests(Read(long.MaxValue)), Digests(Read(InMemory * ImageBytes)));
    }

    [Fact]
    public void Several_threads_read_an_image_each_without_disturbing_one_another()
    {
        var (memory, file) = (Read(long.MaxValue), Read(0));
        Parallel.For(0, 20 * Count, i => Assert.Equal(memory.Images[i % Count], file.Images[i % Count]));
    }

    [Fact]
    public void A_process_that_is_killed_leaves_no_file_behind()
    {
        var set = Read(0);
        // Windows shows the name until the file is closed, and deletes it then.
        Assert.Equal(OperatingSystem.IsWindows() ? 1 : 0, Directory.GetFiles(_folder).Length);
        Assert.Equal(Count, set.Count);
    }

    [Theory]
    [InlineData(1L << 40, "1099511627776 images of 12x12 pixels in column 'Features' need 442368.00 GB. Memory has room for 0.00 GB; ")]
    [InlineData(null, "1 images and more of 12x12 pixels in column 'Features' need 0.00 GB. ")]
    public void Images_that_disk_has_no_room_for_are_refused_with_the_fix_before_the_second_one_is_read(long? expected, string error)
    {
        var folder = expected is null ? Path.Combine(_folder, "none") : _folder;
        var keeper = new ImageKeeper("Features", expected, new ImageRoom(Memory: 0, folder));
        var shape = new ImageShape(3, TestImages.Size, TestImages.Size, IsFloat: false);
        var refused = Assert.Throws<InvalidOperationException>(() => keeper.Add(new byte[shape.Bytes], shape));
        Assert.StartsWith(error, refused.Message);
        Assert.Contains(expected is null ? $"folder '{folder}' does not exist." : $"folder '{folder}' has room for ", refused.Message);
        Assert.Contains(OperatingSystem.IsWindows() ? "TMP" : "TMPDIR", refused.Message);
    }

    [Fact]
    public void A_folder_that_lies_in_memory_takes_none()
    {
        // Where Linux has one.
        const string shared = "/dev/shm";
        if (Directory.Exists(shared) && new DriveInfo(shared).DriveFormat == "tmpfs")
            Assert.Equal("folder '/dev/shm' lies in memory itself", new ImageRoom(0, shared).ToString());
    }

    private ImageSet Read(long memory)
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable(TestImages.Rows(Count, seed: 1));
        var data = ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(rows).Transform(rows);
        return ImageSetReader.Read(
            data, "Label", "Pixels", new VectorImage(PixelLayout.Interleaved, 3, 0, 0), new RunLog(_ => { }, _warnings.Add),
            room: new ImageRoom(memory, _folder));
    }

    private static byte[] Trained(ImageSet set)
    {
        var network = TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
        var widths = UniformScaling.Find(network, Budget.FlopsRatio(0.5)).WidthsFor(network);
        using var source = new BatchSource(set.Shape, Normalization.Of(set), CPU);
        var options = new TestTrainingOptions { NumberOfEpochs = 2, BatchSize = 16, RandomCropPadding = 1, RandomHorizontalFlip = true };
        var plan = new RetrainPlan(network, RetrainingTests.First(widths), RetrainMethod.FromScratch);
        using var trained = new Retrainer(plan, options, new ImageBatches(set, source, 16), seed: 1, RunLog.None).Run();
        using var weights = new MemoryStream();
        trained.SaveWeights(new BinaryWriter(weights));
        return weights.ToArray();
    }
}
