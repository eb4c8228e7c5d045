using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Augmentation;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Data;

public sealed class BatchesAheadTests : IDisposable
{
    private const int Batches = 6, Size = 4;

    private static readonly AugmentationPlan Change = new(HorizontalFlip: true, 0, ResizedCrop: true, new ColorJitter(0.4, 0.4, 0.4, 0.1));

    private readonly ImageSet _set = TestImages.Set(Batches * Size, seed: 1);
    private readonly BatchSource _source;

    public BatchesAheadTests() => _source = new BatchSource(_set.Shape, Normalization.Of(_set), CPU);

    public void Dispose() => _source.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Batches_made_ahead_are_those_that_are_made_when_they_are_needed(int first)
    {
        using var scope = NewDisposeScope();
        using var ahead = new BatchesAhead(
            _source, Size, first, Batches, (target, batch) => _source.Fill(target, _set, Indices(batch), Change, new RandomSource(batch)));
        for (var batch = first; batch < Batches; batch++)
        {
            var (made, next) = (_source.Make(_set, Indices(batch), Change, new RandomSource(batch)), ahead.Next());
            Assert.Equal(Numbers(made.Images), Numbers(next.Images));
            Assert.Equal(made.Labels.data<long>().ToArray(), next.Labels.data<long>().ToArray());
        }
    }

    [Fact]
    public void No_more_than_one_batch_is_made_ahead()
    {
        using var scope = NewDisposeScope();
        var filled = 0;
        using (var ahead = new BatchesAhead(_source, Size, 0, int.MaxValue, (_, _) => Interlocked.Increment(ref filled)))
            for (var batch = 0; batch < Batches; batch++)
                ahead.Next();
        Assert.Equal(Batches + 1, filled);
    }

    [Fact]
    public void A_failure_comes_out_at_its_own_batch_and_says_where_it_happened()
    {
        using var scope = NewDisposeScope();
        using var ahead = new BatchesAhead(_source, Size, 0, Batches, (_, batch) => FailAt(2, batch));
        ahead.Next();
        ahead.Next();
        Assert.Contains(nameof(FailAt), Assert.Throws<InvalidDataException>(() => { ahead.Next(); }).StackTrace);
    }

    [Fact]
    public void A_training_that_ends_early_leaves_no_thread_behind_and_hears_nothing_of_a_batch_it_did_not_need()
    {
        using var begun = new ManualResetEventSlim();
        var running = 0;
        using (new BatchesAhead(_source, Size, 0, Batches, (_, _) =>
        {
            Interlocked.Increment(ref running);
            begun.Set();
            Thread.Sleep(50);
            Interlocked.Decrement(ref running);
            throw new InvalidDataException();
        }))
            begun.Wait();
        Assert.Equal(0, running);
    }

    [Fact]
    public void Large_images_that_several_threads_change_are_changed_as_one_alone_would()
    {
        var shape = new ImageShape(3, 128, 112, IsFloat: false);
        var random = new RandomSource(1);
        var images = Enumerable.Range(0, 16)
            .Select(_ => Enumerable.Range(0, shape.Bytes).Select(_ => (byte)random.NextInt32(256)).ToArray()).ToArray();
        var set = new ImageSet(shape, new ImageStore(images), new int[images.Length], 2);
        using var source = new BatchSource(shape, Normalization.Of(set), CPU);
        using var pixels = source.Reserve(images.Length);
        source.Fill(pixels, set, Enumerable.Range(0, images.Length).ToArray(), Change, new RandomSource(5));
        var seed = new RandomSource(5).NextUInt64();
        for (var i = 0; i < images.Length; i++)
        {
            var alone = new byte[shape.Bytes];
            new ImageAugmenter(shape).Copy(images[i], alone, Change, new RandomSource((long)seed + i));
            Assert.Equal(alone, pixels.Image(i).ToArray());
        }
        images[7] = [];
        Assert.ThrowsAny<ArgumentException>(() => source.Fill(pixels, set, [7], Change, new RandomSource(5)));
    }

    private static int[] Indices(int batch) => Enumerable.Range(batch * Size, Size).ToArray();

    private static float[] Numbers(global::TorchSharp.torch.Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    private static void FailAt(int failing, int batch)
    {
        if (batch == failing)
            throw new InvalidDataException();
    }
}
