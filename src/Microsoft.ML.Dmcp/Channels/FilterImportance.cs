using Microsoft.ML.Dmcp.Networks;
using Microsoft.ML.Dmcp.Networks.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Channels;

/// <summary>The importance of every channel by the filters that make it.</summary>
internal static class FilterImportance
{
    /// <summary>
    /// For every channel group the importance of its channels. Layers that are tied decide together: each one's scores are divided by their
    /// mean, so that a large layer does not outvote a small one, and added.
    /// </summary>
    /// <param name="network">The unpruned network.</param>
    /// <param name="criterion">What counts.</param>
    /// <param name="scaled">
    /// Whether a channel counts as the batch norms behind it scale it, by the mean of their |γ|, rather than by its filters alone.
    /// </param>
    public static double[][] Of(SlimmableNetwork network, FilterCriterion criterion, bool scaled = false)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (layers, weights) = (network.Description.Layers, network.state_dict());
        double[][] Zeros() => network.Description.Groups.Select(g => new double[g.Channels]).ToArray();
        var (scores, scales, norms) = (Zeros(), Zeros(), new int[network.Description.Groups.Count]);
        for (var i = 1; i < layers.Count; i++)
        {
            if (layers[i] is ConvLayer or LinearLayer)
            {
                var layer = Of(weights[layers[i].Name + ".weight"], criterion);
                var mean = Math.Max(layer.Average(), double.Epsilon);
                Add(scores, network.Description.Shapes[i], layer.Select(s => s / mean).ToArray());
            }
            else if (layers[i] is BatchNormLayer)
            {
                var factors = weights[layers[i].Name + ".weight"].abs().to(ScalarType.Float64).cpu();
                Add(scales, network.Description.Shapes[i], factors.data<double>().ToArray());
                foreach (var segment in network.Description.Shapes[i].Segments.Where(s => !s.IsFixed))
                    norms[segment.Index]++;
            }
        }
        return scaled ? scores.Select(Scale).ToArray() : scores;

        double[] Scale(double[] group, int g) =>
            norms[g] == 0 ? group : group.Zip(scales[g], (score, scale) => score * scale / norms[g]).ToArray();
    }

    /// <summary>Adds values of a layer's channels to those of the groups that they belong to.</summary>
    private static void Add(double[][] sums, ValueShape shape, double[] values)
    {
        var offset = 0;
        foreach (var segment in shape.Segments)
        {
            for (var channel = 0; channel < segment.Channels && !segment.IsFixed; channel++)
                sums[segment.Index][channel] += values[offset + channel];
            offset += segment.Channels;
        }
    }

    /// <summary>The importance of every filter of a layer.</summary>
    /// <param name="weight">[filters, ...].</param>
    /// <param name="criterion">What counts.</param>
    public static double[] Of(Tensor weight, FilterCriterion criterion)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var filters = weight.detach().flatten(1).to(ScalarType.Float64);
        var scores = criterion switch
        {
            FilterCriterion.L1Norm => filters.abs().sum(1),
            FilterCriterion.L2Norm => filters.square().sum(1).sqrt(),
            FilterCriterion.GeometricMedian => Distances(filters).sum(1),
            _ => throw new ArgumentOutOfRangeException(nameof(criterion), criterion, "It does not follow from the weights alone."),
        };
        return scores.cpu().data<double>().ToArray();
    }

    /// <summary>The most important channels of every group, ascending.</summary>
    /// <param name="scores">Importance of every channel of every group.</param>
    /// <param name="widths">How many of each group.</param>
    public static int[][] Best(IReadOnlyList<double[]> scores, IReadOnlyList<int> widths) =>
        scores
            .Select((s, g) => Enumerable.Range(0, s.Length).OrderByDescending(c => s[c]).ThenBy(c => c).Take(widths[g]).Order().ToArray())
            .ToArray();

    /// <summary>Euclidean distances of all pairs: |a − b|² = |a|² + |b|² − 2ab.</summary>
    private static Tensor Distances(Tensor filters)
    {
        var squares = filters.square().sum(1);
        return squares.view(-1, 1).add(squares.view(1, -1)).sub(filters.matmul(filters.transpose(0, 1)).mul(2)).clamp_min(0).sqrt();
    }
}
