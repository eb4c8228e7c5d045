using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Channels;

public class FilterImportanceTests
{
    [Fact]
    public void The_filter_at_the_geometric_median_is_the_first_to_go_however_large_it_is()
    {
        // Five points: four around (5, 5), which is their geometric median and the fifth; by its norm it would stay.
        using var filters = tensor(new double[] { 4, 5, 6, 5, 5, 4, 5, 6, 5, 5 }, [5, 2]);
        var scores = FilterImportance.Of(filters, FilterCriterion.GeometricMedian);
        Assert.Equal(4, scores[4], 1e-9);
        Assert.Equal(1 + 2 + 2 * Math.Sqrt(2), scores[0], 1e-9);
        Assert.Equal(4, Array.IndexOf(scores, scores.Min()));
        Assert.Equal([0, 1, 2, 3], FilterImportance.Best([scores], [4])[0]);
    }

    [Fact]
    public void The_geometric_median_of_points_on_a_line_is_the_middle_one()
    {
        using var filters = tensor(new double[] { -7, 100, 3, 0, 8 }, [5, 1]);
        var scores = FilterImportance.Of(filters, FilterCriterion.GeometricMedian);
        Assert.Equal(2, Array.IndexOf(scores, scores.Min()));
        Assert.Equal(10 + 97 + 0 + 3 + 5, scores[2], 1e-9);
    }

    [Fact]
    public void Norms_are_what_they_are_called()
    {
        using var filters = tensor(new double[] { 3, -4, 1, 1 }, [2, 2]);
        Assert.Equal([7, 2], FilterImportance.Of(filters, FilterCriterion.L1Norm));
        Assert.Equal(5, FilterImportance.Of(filters, FilterCriterion.L2Norm)[0], 1e-12);
        Assert.Equal(Math.Sqrt(2), FilterImportance.Of(filters, FilterCriterion.L2Norm)[1], 1e-12);
    }

    [Fact]
    public void Tied_layers_decide_together_and_the_larger_one_does_not_outvote_the_smaller()
    {
        var net = new NetworkBuilder("tied", 3, 8, 8, 2);
        var x = net.Conv(net.Input, 2, 1, name: "a");
        x = net.Add(x, net.Conv(net.ReLU(x), 2, 3, name: "b"));
        net.Linear(net.GlobalAveragePool(x), 2);
        using var network = new SlimmableNetwork(net.Build(), CPU, new RandomSource(1));
        using (no_grad())
        {
            // Layer a prefers channel 0 three to one, layer b channel 1 by a hair, but with a hundred times larger weights.
            foreach (var (name, values) in new[] { ("a.weight", new float[] { 3, 1 }), ("b.weight", [100, 101]) })
                for (var filter = 0; filter < 2; filter++)
                    network.state_dict()[name][filter].fill_(values[filter]);
        }
        var scores = FilterImportance.Of(network, FilterCriterion.L1Norm)[0];
        Assert.Equal(1.5 + 100 / 100.5, scores[0], 1e-6);
        Assert.Equal([0], FilterImportance.Best([scores], [1])[0]);
    }
}
