using Microsoft.ML.Dmcp.Networks.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Channels;

/// <summary>
/// The order of the channels in their groups: methods that keep the first k channels keep the best k once they are sorted.
/// </summary>
internal static class ChannelOrder
{
    /// <summary>
    /// Sorts the channels of every group by importance, the most important first. The network computes the same: filters, batch norms and
    /// all that reads them change places alike.
    /// </summary>
    /// <param name="network">The network; changed in place.</param>
    /// <param name="importance">Of every channel of every group.</param>
    public static void Sort(SlimmableNetwork network, IReadOnlyList<double[]> importance) =>
        Arrange(network, importance
            .Select(scores => Enumerable.Range(0, scores.Length).OrderByDescending(c => scores[c]).ThenBy(c => c).ToArray())
            .ToArray());

    /// <summary>Gives the channels of every group an order; the network computes the same.</summary>
    /// <param name="network">The network; changed in place.</param>
    /// <param name="order">All channels of every group.</param>
    public static void Arrange(SlimmableNetwork network, int[][] order)
    {
        using var sorted = network.Slice(order);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var values = sorted.state_dict();
        foreach (var (name, value) in network.state_dict())
            value.copy_(values[name]);
    }
}
