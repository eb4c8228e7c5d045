using Microsoft.ML.Dmcp.Networks;
using TorchSharp;
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
    /// <param name="scaled">Whether a filter counts as the batch norm behind it scales it, by |γ|, rather than as it is.</param>
    public static double[][] Of(SlimmableNetwork network, FilterCriterion criterion, bool scaled = false)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var scores = network.Description.Groups.Select(g => new double[g.Channels]).ToArray();
        var weights = network.state_dict();
        for (var i = 1; i < network.Description.Layers.Count; i++)
        {
            if (network.Description.Layers[i] is not (ConvLayer or LinearLayer))
                continue;
            var filters = weights[network.Description.Layers[i].Name + ".weight"].flatten(1);
            if (scaled && network.Description.NormBehind(i) is { } norm)
                filters = filters.mul(weights[norm.Name + ".weight"].abs().view(-1, 1));
            var layer = Of(filters, criterion);
            var (mean, offset) = (Math.Max(layer.Average(), double.Epsilon), 0);
            foreach (var segment in network.Description.Shapes[i].Segments)
            {
                for (var channel = 0; channel < segment.Channels && !segment.IsFixed; channel++)
                    scores[segment.Index][channel] += layer[offset + channel] / mean;
                offset += segment.Channels;
            }
        }
        return scores;
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
            _ => throw new ArgumentOutOfRangeException(nameof(criterion), criterion, "Unknown criterion."),
        };
        return scores.cpu().data<double>().ToArray();
    }

    /// <summary>The most important channels of every group, ascending.</summary>
    /// <param name="scores">Importance of every channel of every group.</param>
    /// <param name="widths">How many of each group.</param>
    public static int[][] Best(IReadOnlyList<double[]> scores, IReadOnlyList<int> widths) =>
        scores.Select((s, g) => Enumerable.Range(0, s.Length).OrderByDescending(c => s[c]).ThenBy(c => c).Take(widths[g]).Order().ToArray()).ToArray();

    /// <summary>Euclidean distances of all pairs: |a − b|² = |a|² + |b|² − 2ab.</summary>
    private static Tensor Distances(Tensor filters)
    {
        var squares = filters.square().sum(1);
        return squares.view(-1, 1).add(squares.view(1, -1)).sub(filters.matmul(filters.transpose(0, 1)).mul(2)).clamp_min(0).sqrt();
    }
}
