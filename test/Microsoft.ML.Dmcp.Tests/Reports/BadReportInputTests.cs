using Microsoft.ML.Dmcp.Tests.Estimators;

namespace Microsoft.ML.Dmcp.Tests.Reports;

/// <summary>Data and options that cannot be are refused with what is wrong; what can be left out is left out and counted.</summary>
[Collection(nameof(ReportedPipeline))]
public sealed class BadReportInputTests(ReportedPipeline pipeline)
{
    [Fact]
    public void Data_without_rows_is_refused() =>
        Assert.Contains("no rows", Assert.Throws<InvalidOperationException>(() => Create([])).Message);

    [Fact]
    public void Data_of_unreadable_pictures_only_is_refused_with_their_number()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Create(Damaged(3)));
        Assert.Contains("Of 3 held-out rows, 0 have no class", error.Message);
        Assert.Contains("3 no image that can be read", error.Message);
    }

    [Fact]
    public void Data_of_other_classes_only_is_refused_with_the_classes_of_the_network()
    {
        var files = pipeline.HeldOut.Select(f => new ImageFile { ImagePath = f.ImagePath, Label = "other" });
        var error = Assert.Throws<InvalidOperationException>(() => Create(files));
        Assert.Contains("40 have no class of the network in column 'Label'", error.Message);
        Assert.Contains(ReportedPipeline.Classes[1], error.Message);
    }

    [Fact]
    public void Some_unreadable_and_some_unknown_rows_are_left_out_and_counted()
    {
        var unknown = pipeline.HeldOut.Take(2).Select(f => new ImageFile { ImagePath = f.ImagePath, Label = "" });
        var report = Create([.. Damaged(3), .. unknown, .. pipeline.HeldOut]);
        Assert.Equal(Create(pipeline.HeldOut).Accuracy, report.Accuracy);
        Assert.Contains("2 rows have no class that the network knows, and the images of 3 rows could not be read",
            PruningReportTests.Page(report).Value);
    }

    [Fact]
    public void Images_of_one_class_make_a_report()
    {
        var report = Create(pipeline.HeldOut.Where(f => f.Label == ReportedPipeline.Classes[2]));
        var rows = PruningReportTests.Rows(PruningReportTests.Page(report), "Every class").Skip(1).ToArray();
        Assert.Equal(["0", "0", "10", "0"], rows.Select(r => r[1]));
        Assert.Equal("–", rows[0][2]);
    }

    [Fact]
    public void A_report_without_errors_to_show_has_no_pictures() =>
        Assert.DoesNotContain("<img", Create(pipeline.HeldOut, new PruningReportOptions { NumberOfErrors = 0 }).ToHtml());

    [Theory]
    [InlineData("no such label", typeof(ArgumentOutOfRangeException), "Could not find label column 'no such label'")]
    [InlineData("Score", typeof(ArgumentOutOfRangeException), "Schema mismatch for label column 'Score'")]
    public void A_column_that_is_no_label_is_named(string column, Type exception, string message) =>
        Refused(new PruningReportOptions { LabelColumnName = column }, exception, message);

    [Theory]
    [InlineData(-1, "NumberOfErrors is -1")]
    [InlineData(1001, "needed is a number in [0, 1000]")]
    public void A_number_of_errors_out_of_range_is_refused(int number, string message) =>
        Refused(new PruningReportOptions { NumberOfErrors = number }, typeof(ArgumentOutOfRangeException), message);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(1, -2)]
    [InlineData(1, double.PositiveInfinity)]
    public void A_measured_time_that_cannot_be_is_refused(double after, double before) =>
        Refused(new PruningReportOptions { MeasuredLatency = new MeasuredLatency("x", after, before) },
            typeof(ArgumentOutOfRangeException), "needed is a positive number");

    [Fact]
    public void A_search_of_another_network_is_refused_with_both()
    {
        var rows = TinyPipeline.Labelled(pipeline.ML, 32);
        var options = new UniformScalingOptions { Network = NetworkZoo.CifarResNet(8), FeatureColumnName = nameof(VectorRow.Pixels) };
        (options.VectorLayout, options.Budget) = (PixelLayout.Interleaved, Budget.FlopsRatio(0.5));
        var other = pipeline.ML.Transforms.UniformScaling(options).Fit(rows);
        Refused(new PruningReportOptions { Search = other }, typeof(ArgumentException), "found 'cifar-resnet8 by uniform");
    }

    [Fact]
    public void A_model_without_a_network_is_refused() =>
        Assert.Contains("no pruned network", Assert.Throws<InvalidOperationException>(() => PruningReport.Create(pipeline.Search)).Message);

    [Fact]
    public void A_report_is_cancelled_by_its_token() => Assert.Throws<OperationCanceledException>(() =>
        Create(pipeline.HeldOut, new PruningReportOptions { CancellationToken = new CancellationToken(canceled: true) }));

    private PruningReport Create(IEnumerable<ImageFile> files, PruningReportOptions? options = null) =>
        PruningReport.Create(pipeline.Model, pipeline.View(files), options);

    private void Refused(PruningReportOptions options, Type exception, string message)
    {
        var error = Record.Exception(() => Create(pipeline.HeldOut, options));
        Assert.IsType(exception, error);
        Assert.Contains(message, error.Message);
    }

    private IEnumerable<ImageFile> Damaged(int count) => Enumerable.Range(0, count).Select(i =>
    {
        var path = Path.Combine(pipeline.Folder, $"damaged{i}.png");
        File.WriteAllBytes(path, [1, 2, 3]);
        return new ImageFile { ImagePath = path, Label = ReportedPipeline.Classes[0] };
    });
}
