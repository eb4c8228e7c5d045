using Microsoft.ML.Dmcp.Tests.Estimators;

namespace Microsoft.ML.Dmcp.Tests.Search;

/// <summary>A search says whether it was worth its time.</summary>
public sealed class UniformComparisonTests : PipelineTest
{
    [Fact]
    public void The_noise_is_that_of_the_images_which_only_one_of_both_classifies_correctly()
    {
        // 10 images: 5 by both, 3 only by the found widths, 1 only by the uniform ones, 1 by none.
        bool[] found = [true, true, true, true, true, true, true, true, false, false];
        bool[] uniform = [true, true, true, true, true, false, false, false, true, false];
        var comparison = UniformComparison.Of(found, uniform, arePutAside: true, fallsBack: true);
        Assert.Equal(0.8, comparison.Found, 1e-12);
        Assert.Equal(0.6, comparison.Uniform, 1e-12);
        // The deviation of a mean of ten differences, of which three are 1, one is −1 and six are 0.
        Assert.Equal(Math.Sqrt((0.4 - 0.2 * 0.2) / 10), comparison.StandardError, 1e-12);
        Assert.False(comparison.KeptUniform);
        Assert.Contains("the same within the noise of 37.9 points", comparison.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void The_uniform_widths_stand_in_for_worse_ones_only_where_someone_wants_it(bool fallsBack, bool keepsUniform)
    {
        var comparison = UniformComparison.Of([false, false, true], [true, true, true], arePutAside: false, fallsBack);
        Assert.Equal(keepsUniform, comparison.KeptUniform);
        // As good is good enough for what was found.
        Assert.False(UniformComparison.Of([false, true], [true, false], arePutAside: false, fallsBack).KeptUniform);
    }

    [Fact]
    public void A_search_compares_its_widths_with_uniform_ones_on_images_that_no_weights_were_trained_on()
    {
        var messages = new List<string>();
        ML.Log += (_, e) => messages.Add(e.Message);
        var found = Search().Fit(ML.Data.LoadFromEnumerable(TestImages.Rows(160, seed: 1))).LastTransformer;
        Assert.Equal((16, true, false), (found.Comparison!.Images, found.Comparison.ArePutAside, found.Comparison.KeptUniform));
        Assert.Contains(messages, m => m.Contains(found.Comparison.ToString(), StringComparison.Ordinal));
        var path = Path.Combine(Folder, "search.zip");
        ML.Model.Save(found, null, path);
        Assert.Null(((ChannelSearchTransformer)new MLContext().Model.Load(path, out _)).Comparison);
    }

    [Fact]
    public void A_set_too_small_to_put_images_aside_is_searched_and_compared_on_its_training_images()
    {
        var found = Search().Fit(ML.Data.LoadFromEnumerable(TestImages.Rows(16, seed: 1))).LastTransformer;
        Assert.Equal((16, false), (found.Comparison!.Images, found.Comparison.ArePutAside));
    }

    [Fact]
    public void Widths_that_are_worse_than_uniform_ones_are_not_given_to_who_falls_back()
    {
        // Weights that have hardly learned: which widths are better is chance.
        DmcpSearchTransformer Found(bool fallsBack, int seed)
        {
            var options = SearchSettings(epochs: 2);
            (options.InitialAlphaDeviation, options.FallBackToUniform, options.Seed) = (6, fallsBack, seed);
            (options.LearningRate, options.EvaluationShare) = (new LearningRateSchedule(0.002), 0.5);
            return Label().Append(ML.Transforms.DmcpSearch(options))
                .Fit(ML.Data.LoadFromEnumerable(TestImages.Rows(160, seed: 1))).LastTransformer;
        }

        var uniform = UniformScaling.Find(Network, Budget.FlopsRatio(0.5)).WidthsFor(Network);
        var worse = Enumerable.Range(1, 10).First(seed => Found(false, seed).Comparison is { } c && c.Uniform > c.Found);
        Assert.NotEqual(uniform, Found(false, worse).ChannelConfig.WidthsFor(Network));
        var mended = Found(true, worse);
        Assert.True(mended.Comparison!.KeptUniform);
        Assert.Equal(uniform, mended.ChannelConfig.WidthsFor(Network));
        Assert.Equal("uniform widths", mended.ChannelConfig.Method.Settings["result"]);
    }

    [Fact]
    public void Alpha_learns_from_images_put_aside_where_the_weights_know_theirs_by_heart()
    {
        var options = SearchSettings(epochs: 4);
        (options.SeparateArchitectureImages, options.EvaluationShare) = (true, 0.25);
        var found = Label().Append(ML.Transforms.DmcpSearch(options))
            .Fit(ML.Data.LoadFromEnumerable(TestImages.Rows(160, seed: 1))).LastTransformer;
        Assert.Equal(40, found.Comparison!.Images);
        Assert.InRange((double)found.ChannelConfig.Flops / found.ChannelConfig.UnprunedFlops, 0.4, 0.5);
        options.EvaluationShare = 0;
        var error = Assert.Throws<ArgumentOutOfRangeException>(options.Check);
        Assert.Contains("SeparateArchitectureImages", error.Message, StringComparison.Ordinal);
    }
}
