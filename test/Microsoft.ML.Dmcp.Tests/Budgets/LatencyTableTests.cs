using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.ML.Dmcp.Budgets.Latencies;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Tests.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Budgets;

/// <summary>Times of layers at some widths, and of networks at all.</summary>
public sealed class LatencyTableTests : IDisposable
{
    private static readonly NetworkDescription ResNet = NetworkZoo.CifarResNet(20).Describe(3, 32, 32, 10);

    // A product and a sum: what is bilinear comes out exactly, whatever the points are.
    private static double Bilinear(int inputs, int outputs) => 1 + 0.25 * inputs * outputs + outputs;

    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-latency").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_time_is_the_measured_one_at_the_points_bilinear_between_them_and_constant_outside()
    {
        var times = new LayerTimes("layer", [8, 16], [8, 24, 32], [[1, 3, 5], [2, 7, 8]]);
        times.Check();
        for (var i = 0; i < 2; i++)
            for (var o = 0; o < 3; o++)
                Assert.Equal(times.Microseconds[i][o], times.At(times.Inputs[i], times.Outputs[o]));
        Assert.Equal(0.25 * (1 + 3 + 2 + 7), times.At(12, 16));
        Assert.Equal((1.0, 8.0, 5.0), (times.At(1, 1), times.At(99, 99), times.At(0, 32)));
    }

    [Fact]
    public void Times_that_grow_with_the_widths_do_so_between_the_points_too()
    {
        var steps = Gen.Double[0, 1].Array[12];
        Gen.Select(steps, Gen.Double[1, 40].Array[2], Gen.Double[0, 9].Array[2]).Check(50, (steps, at, more) =>
        {
            // Sums over all cells before: none falls.
            double Time(int r, int c) => Enumerable.Range(0, r + 1).Sum(i => Enumerable.Range(0, c + 1).Sum(o => steps[3 * i + o]));
            var rows = Enumerable.Range(0, 4).Select(r => Enumerable.Range(0, 3).Select(c => Time(r, c)).ToArray()).ToArray();
            var times = new LayerTimes("layer", [3, 8, 16, 32], [8, 16, 32], rows);
            Assert.True(times.At(at[0] + more[0], at[1] + more[1]) >= times.At(at[0], at[1]) - 1e-9);
        });
    }

    [Theory]
    [InlineData("residual")]
    [InlineData("inverted")]
    [InlineData("dense")]
    [InlineData("squeeze")]
    [InlineData("mixed")]
    [InlineData("grouped")]
    [InlineData("windows")]
    [InlineData("plain")]
    public void The_expectation_of_tensors_is_the_time_of_the_same_widths_and_its_gradient_is_right(string name)
    {
        var network = SmallNetworks.Describe(name);
        var cost = HandMadeTable.Of(network, (i, o) => Math.Sqrt(1 + i * o) + 0.1 * o, 2, 5).CostOf(network);
        using var expectation = cost.Expectation(ScalarType.Float64, CPU);
        var random = new RandomSource(1);
        for (var trial = 0; trial < 5; trial++)
        {
            using var scope = NewDisposeScope();
            var at = network.FullWidths.Select(w => 1 + (w - 1) * random.NextDouble()).ToArray();
            var widths = tensor(at, requires_grad: true);
            Assert.Equal(cost.Of(at) * 1e-6, expectation.Of(widths).ToDouble(), 1e-12);
            expectation.Of(widths).backward();
            FiniteDifferences.Check(widths, () => expectation.Of(widths), random, name, elements: 5);
        }
    }

    [Fact]
    public void A_networks_time_is_the_sum_of_its_layers_and_what_it_takes_beside()
    {
        var table = HandMadeTable.Of(ResNet, Bilinear, 8, 16, 32);
        // Convolutions with norm and activation, additions with activation, the pool and the classifier.
        var microseconds = 10.0 + Bilinear(3, 8) + 6 * Bilinear(8, 8) + 3 * Bilinear(8, 8)
            + Bilinear(8, 16) + 5 * Bilinear(16, 16) + Bilinear(8, 16) + 3 * Bilinear(16, 16)
            + Bilinear(16, 32) + 5 * Bilinear(32, 32) + Bilinear(16, 32) + 3 * Bilinear(32, 32)
            + Bilinear(32, 32) + Bilinear(32, 10);
        var half = ResNet.FullWidths.Select(w => w / 2).ToArray();
        Assert.Equal(1e-3 * microseconds, table.MillisecondsOf(ResNet, half), 0.02);
    }

    [Fact]
    public void A_saved_table_reads_back_the_same_and_has_the_same_name()
    {
        var table = HandMadeTable.Of(ResNet, Bilinear, 8, 16);
        var path = Path.Combine(_folder, "deeper", "table.json");
        table.Save(path);
        var loaded = LatencyTable.Load(path);
        Assert.Equal(table.ToJson(), loaded.ToJson());
        Assert.Equal(table.Id, loaded.Id);
        Assert.NotEqual(table.Id, HandMadeTable.Of(ResNet, Bilinear, 8).Id);
        Assert.Equal(("by hand", 1, 1, "cifar-resnet20"), (loaded.Engine, loaded.BatchSize, loaded.NumberOfThreads, loaded.Network));
    }

    [Theory]
    [InlineData("format", "\"other\"", "its format is 'other'")]
    [InlineData("version", "2", "version 2")]
    [InlineData("version", "0", "version 0")]
    [InlineData("batchSize", "0", "batches of 0")]
    [InlineData("numberOfThreads", "-1", "-1 threads")]
    [InlineData("layers", "[]", "0 layers")]
    [InlineData("layers", "[null]", "null")]
    [InlineData("layers", "null", "layers")]
    [InlineData("layers", """[{"layer":"","inputs":[],"outputs":[1],"microseconds":[[1]]}]""", "without a name")]
    [InlineData("layers", """[{"layer":"a","inputs":[],"outputs":[],"microseconds":[[]]}]""", "widths of 'a'")]
    [InlineData("layers", """[{"layer":"a","inputs":[8,8],"outputs":[1],"microseconds":[[1],[1]]}]""", "widths of 'a'")]
    [InlineData("layers", """[{"layer":"a","inputs":[],"outputs":[0,1],"microseconds":[[1,1]]}]""", "widths of 'a'")]
    [InlineData("layers", """[{"layer":"a","inputs":[],"outputs":[2000000],"microseconds":[[1]]}]""", "widths of 'a'")]
    [InlineData("layers", """[{"layer":"a","inputs":[8],"outputs":[1],"microseconds":[[1],[1]]}]""", "times of 'a'")]
    [InlineData("layers", """[{"layer":"a","inputs":[],"outputs":[1],"microseconds":[null]}]""", "times of 'a'")]
    [InlineData("layers", """[{"layer":"a","inputs":[],"outputs":[1],"microseconds":[[-1]]}]""", "negative")]
    [InlineData("layers", """[{"layer":"a","inputs":[],"outputs":[1],"microseconds":[[1e999]]}]""", "")]
    [InlineData("layers",
        """[{"layer":"a","inputs":[],"outputs":[1],"microseconds":[[1]]},{"layer":"a","inputs":[],"outputs":[1],"microseconds":[[1]]}]""",
        "'a' twice")]
    [InlineData("overhead", """{"parameters":[],"microseconds":[]}""", "overhead")]
    [InlineData("overhead", """{"parameters":[2,1],"microseconds":[1,1]}""", "overhead")]
    [InlineData("overhead", """{"parameters":[1],"microseconds":[1,1]}""", "overhead")]
    [InlineData("overhead", "null", "overhead")]
    public void A_damaged_table_is_refused_with_the_file_and_what_is_wrong(string property, string value, string message)
    {
        var json = JsonNode.Parse(HandMadeTable.Of(ResNet, Bilinear, 8).ToJson())!;
        json[property] = "placeholder";
        var path = Path.Combine(_folder, "table.json");
        File.WriteAllText(path, json.ToJsonString().Replace("\"placeholder\"", value));
        var error = Assert.Throws<FormatException>(() => LatencyTable.Load(path));
        Assert.Contains(path, error.Message);
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\":\"Microsoft.ML.Dmcp/LatencyTable\",\"version\":1}")]
    public void What_is_no_table_is_refused(string text) => Assert.Throws<FormatException>(() => LatencyTable.FromJson(text));

    [Fact]
    public void A_missing_file_and_one_too_large_to_be_a_table_are_refused()
    {
        Assert.Throws<FileNotFoundException>(() => LatencyTable.Load(Path.Combine(_folder, "none.json")));
        var path = Path.Combine(_folder, "large.json");
        using (var file = File.Create(path))
            file.SetLength(1L << 32);
        Assert.Throws<FormatException>(() => LatencyTable.Load(path));
    }

    [Fact]
    public void A_network_whose_layers_were_not_measured_or_not_as_wide_is_refused_with_the_layer()
    {
        var table = HandMadeTable.Of(ResNet, Bilinear, 8);
        var larger = NetworkZoo.CifarResNet(20).Describe(3, 64, 64, 10);
        var error = Assert.Throws<ArgumentException>(() => table.MillisecondsOf(larger, larger.FullWidths));
        Assert.Contains("'conv 3x3 padding 1 1 1 1 + batch norm + ReLU of 64x64 pixels of the image', layer 'conv1'", error.Message);
        var wider = NetworkZoo.CifarResNet(20, width: 2).Describe(3, 32, 32, 10);
        Assert.Contains("as many channels", Assert.Throws<ArgumentException>(() => table.MillisecondsOf(wider, wider.FullWidths)).Message);
        Assert.Throws<ArgumentException>(() => table.MillisecondsOf(ResNet, [1]));
        // A deeper network of the same layers is served.
        var deeper = NetworkZoo.CifarResNet(32).Describe(3, 32, 32, 10);
        Assert.True(table.MillisecondsOf(deeper, deeper.FullWidths) > table.MillisecondsOf(ResNet, ResNet.FullWidths));
    }
}
