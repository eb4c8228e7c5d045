using Microsoft.ML.Dmcp.Budgets.Latencies;
using Microsoft.ML.Dmcp.Tests.Networks;
using TorchSharp;

namespace Microsoft.ML.Dmcp.Tests.Budgets;

/// <summary>Measuring on this machine; how long anything takes is not asked.</summary>
public class LatencyMeasurementTests
{
    public static TheoryData<string, string> Engines => new()
    {
        { "libtorch", "inverted" }, { "libtorch", "mixed" }, { "libtorch", "dense" }, { "libtorch", "squeeze" },
        { "libtorch", "grouped" }, { "libtorch", "windows" }, { "libtorch", "plain" },
        { "ONNX Runtime", "inverted" }, { "ONNX Runtime", "mixed" }, { "ONNX Runtime", "dense" }, { "ONNX Runtime", "squeeze" },
        { "ONNX Runtime", "grouped" }, { "ONNX Runtime", "windows" }, { "ONNX Runtime", "plain" },
    };

    [Theory]
    [MemberData(nameof(Engines))]
    public void Every_engine_measures_a_table_that_serves_the_network_and_reads_back(string engine, string name)
    {
        var network = SmallNetworks.Describe(name);
        var shares = new List<double>();
        var options = Options(engine == "libtorch" ? LatencyEngine.LibTorch : LatencyEngine.OnnxRuntime);
        options.Progress = shares.Add;
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var table = LatencyTable.FromJson(LatencyTable.Measure(network, options).ToJson());
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.StartsWith(engine, table.Engine);
        Assert.True(table.MillisecondsOf(network, network.FullWidths) > 0);
        Assert.True(LatencyTable.MeasureNetwork(network, network.FullWidths, options) > 0);
        Assert.Equal(shares.Order(), shares);
        Assert.Equal((0.0, 1.0), (shares[0], shares[^1]));
    }

    [Fact]
    public void Norms_and_activations_belong_to_the_layer_before_them_unless_others_read_it_too()
    {
        Assert.Equal(
            [
                "conv 3x3 padding 1 1 1 1 + batch norm + ReLU of 12x12 pixels of the image",
                "conv 3x3 stride 2x2 padding 1 1 1 1 + batch norm + ReLU of 12x12 pixels",
                "conv 3x3 stride 2x2 padding 1 1 1 1 + batch norm + ReLU of 6x6 pixels",
                "linear with bias of 9x1 pixels",
            ],
            TimedUnit.Of(TestImages.Network.Describe(3, 12, 12, 4)).Select(u => u.Name));
        var dense = TimedUnit.Of(SmallNetworks.Describe("dense")).Select(u => u.Name).ToArray();
        Assert.Contains("batch norm + SiLU of 12x12 pixels", dense);
        Assert.Contains("global pool of 12x12 pixels", dense);
    }

    [Fact]
    public void Layers_are_timed_at_8_at_multiples_of_16_and_at_their_full_width()
    {
        Assert.Equal([8, 16, 32, 48, 64], WidthPoints.Of([new WidthSum(0, [0])], [64], 7));
        Assert.Equal([8, 96, 176, 256, 352, 432, 512], WidthPoints.Of([new WidthSum(0, [0])], [512], 7));
        Assert.Equal([3, 5], WidthPoints.Of([new WidthSum(3, []), new WidthSum(0, [0])], [5], 7));
        Assert.Equal([[8, 5], [16, 5], [20, 5]], WidthPoints.Uniform([20, 5], 3));
    }

    [Fact]
    public void A_measurement_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var options = Options(LatencyEngine.LibTorch);
        options.CancellationToken = cancel.Token;
        options.Progress = share =>
        {
            if (share > 0.3)
                cancel.Cancel();
        };
        Assert.Throws<OperationCanceledException>(() => LatencyTable.Measure(SmallNetworks.Describe("inverted"), options));
    }

    [Theory]
    [InlineData(nameof(LatencyOptions.Engine))]
    [InlineData(nameof(LatencyOptions.BatchSize))]
    [InlineData(nameof(LatencyOptions.NumberOfThreads))]
    [InlineData(nameof(LatencyOptions.PointsPerSide))]
    [InlineData(nameof(LatencyOptions.TimeLimit))]
    public void An_option_out_of_range_is_refused_by_its_name(string option)
    {
        var options = new LatencyOptions();
        var field = typeof(LatencyOptions).GetField(option)!;
        field.SetValue(options, field.FieldType.IsValueType ? Activator.CreateInstance(field.FieldType) : null);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => LatencyTable.Measure(SmallNetworks.Describe("plain"), options));
        Assert.Equal(option, error.ParamName);
    }

    private static LatencyOptions Options(LatencyEngine engine) =>
        new() { Engine = engine, PointsPerSide = 2, TimeLimit = TimeSpan.FromMilliseconds(1), BatchSize = 2 };
}
