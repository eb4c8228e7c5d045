using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>Weights of a network for other images or classes.</summary>
internal static class PretrainedWeights
{
    /// <summary>Copies them; a classifier of other classes stays as it is (<see cref="SlimmableNetwork.FreshClassifier"/>).</summary>
    /// <param name="network">The network that gets them.</param>
    /// <param name="source">The same network for other images or classes.</param>
    /// <exception cref="InvalidOperationException">It is another network, or one that images of this size do not fit.</exception>
    public static void Copy(SlimmableNetwork network, SlimmableNetwork source)
    {
        using var noGradient = no_grad();
        var (ours, theirs) = (network.state_dict(), source.state_dict());
        var classifier = network.Description.Layers.Last(layer => layer is ConvLayer or LinearLayer).Name;
        network.FreshClassifier = null;
        foreach (var (name, weight) in ours)
        {
            var given = theirs.GetValueOrDefault(name);
            if (given is not null && given.shape.SequenceEqual(weight.shape))
                weight.copy_(given);
            else if (given is not null && name.StartsWith(classifier + ".", StringComparison.Ordinal) && given.shape[0] != weight.shape[0])
                network.FreshClassifier = classifier;
            else
                throw Unfit($"'{name}' is [{string.Join(", ", weight.shape)}] here, " +
                    $"and {(given is null ? "missing" : $"[{string.Join(", ", given.shape)}]")} there");
        }
        if (ours.Count != theirs.Count)
            throw Unfit($"they are {theirs.Count} tensors, it has {ours.Count}");

        InvalidOperationException Unfit(string difference) => new(
            $"The pre-trained weights of '{source.Description.Name}' do not fit network '{network.Description.Name}' for " +
            $"{network.Description.Input.Width}x{network.Description.Input.Height} pixels: {difference}.");
    }
}
