using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Dmcp.Interop.Configs;

/// <summary>
/// The names that the authors' release and MMClassification, whose networks MMRazor prunes, give to the layers of ResNets and MobileNetV2.
/// </summary>
internal static partial class PeerLayers
{
    private const int Blocks = 17;

    // Blocks of every stage of MobileNetV2: MMClassification counts them in the stage, the release and torchvision through.
    private static readonly int[] Stages = [1, 2, 3, 4, 3, 3, 1];

    /// <summary>The convolutions and the classifier in the network's order.</summary>
    /// <exception cref="ArgumentException">The layers are named otherwise; the message names the first.</exception>
    public static IReadOnlyList<PeerLayer> Of(NetworkDescription network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var named = Enumerable.Range(0, network.Layers.Count).Where(i => network.Layers[i] is ConvLayer or LinearLayer).ToArray();
        var isMobile = network.Layers[named[0]].Name == "features.0.0";
        return named.Select(i => (isMobile ? InMobileNet(network, i) : InResNet(network, i)) is { } layer && ReadsOneGroup(network, i)
            ? layer : throw Unknown(network, i)).ToArray();
    }

    // A concatenation gives several.
    private static bool ReadsOneGroup(NetworkDescription network, int index) =>
        network.Shapes[network.Layers[index].Inputs[0]].Segments.Count == 1;

    // The release's dict has no projection shortcuts: they are as wide as the block's last convolution.
    private static PeerLayer? InResNet(NetworkDescription network, int index) => network.Layers[index].Name switch
    {
        "fc" => new(index, "fc", "head.fc"),
        var name when ResNetShortcut().IsMatch(name) => new(index, null, $"backbone.{name}"),
        var name when ResNetConv().IsMatch(name) => new(index, name, $"backbone.{name}"),
        _ => null,
    };

    private static PeerLayer? InMobileNet(NetworkDescription network, int index)
    {
        switch (network.Layers[index].Name)
        {
            case "features.0.0":
                return new(index, "conv1", "backbone.conv1.conv");
            case "features.18.0":
                return new(index, "conv_last", "backbone.conv2.conv");
            case "classifier.1":
                return new(index, null, "head.fc");
        }
        if (MobileNetConv().Match(network.Layers[index].Name) is not { Success: true } match)
            return null;
        var (block, part) = (Number(match, "block") - 1, Number(match, "part"));
        if (block is < 0 or >= Blocks)
            return null;
        var (stage, inStage) = (0, block);
        while (inStage >= Stages[stage])
            inStage -= Stages[stage++];
        // The first block does not expand: it begins with the depth-wise convolution, which the release calls conv2 everywhere.
        var conv = block == 0 ? part + 2 : part + 1;
        return new(index, Text($"{block}.conv{conv}"), Text($"backbone.layer{stage + 1}.{inStage}.conv.{part}.conv"));
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static ArgumentException Unknown(NetworkDescription network, int index) => new(
        $"Layer '{network.Layers[index].Name}' of network '{network.Name}' has no name in the other tool that is known: " +
        "those of NetworkZoo's ResNets and MobileNetV2 have one. Lists of widths serve every network.", nameof(network));

    [GeneratedRegex(@"^layer\d\.\d{1,2}\.downsample\.0$")]
    private static partial Regex ResNetShortcut();

    [GeneratedRegex(@"^(conv1|layer\d\.\d{1,2}\.conv[123])$")]
    private static partial Regex ResNetConv();

    [GeneratedRegex(@"^features\.(?<block>\d{1,2})\.conv\.(?<part>[012])(\.0)?$")]
    private static partial Regex MobileNetConv();
}
