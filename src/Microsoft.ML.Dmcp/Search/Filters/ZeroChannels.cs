using Microsoft.ML.Dmcp.Networks.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Search.Filters;

/// <summary>Channels that are taken out of what a network computes, at its full widths.</summary>
internal static class ZeroChannels
{
    /// <summary>
    /// Takes the filters of all channels that are not kept out of what the network computes: sets the scale γ of the batch norms behind
    /// them to 0, and the filters themselves only where there is none. Behind a batch norm a filter of zeros gives the same values, but its
    /// gradient is some 300 times (1/√ε) as long as any other's, and it grows past all that was learned in one step.
    /// </summary>
    /// <param name="network">The network; changed in place.</param>
    /// <param name="kept">The channels that are kept.</param>
    /// <param name="forGood">Whether the shifts β go too, which a pruned network does not have.</param>
    public static void Set(SlimmableNetwork network, int[][] kept, bool forGood)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var description = network.Description;
        var (weights, ungated) = (network.state_dict(), GatePlacement.UngatedOutputs(description));
        for (var i = 1; i < description.Layers.Count; i++)
        {
            var layer = description.Layers[i];
            var isNorm = layer is BatchNormLayer;
            if (!isNorm && !(layer is ConvLayer or LinearLayer && ungated[i]))
                continue;
            var flags = new float[description.Shapes[i].Channels];
            foreach (var channel in description.Shapes[i].IndicesOf(kept))
                flags[channel] = 1;
            var mask = tensor(flags).to(network.Device);
            foreach (var name in isNorm && !forGood ? (string[])["weight"] : ["weight", "bias"])
                if (weights.TryGetValue($"{layer.Name}.{name}", out var weight))
                    weight.mul_(mask.view([mask.shape[0], .. Enumerable.Repeat(1L, (int)weight.dim() - 1)]));
        }
    }
}
