using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>
/// The tensors of the networks of the authors' release (github.com/Zx55/dmcp), under torchvision's names. Its ResNets have them already; α
/// and the constants beside it are left out, and a classifier that is a 1x1 convolution becomes a linear layer.
/// </summary>
internal static partial class ReleaseNames
{
    // Blocks of MobileNetV2 of stride 1 that change the number of channels.
    private static readonly int[] WithoutShortcut = [0, 10, 16];

    [GeneratedRegex(@"(^|\.)alpha(\d|_last)\.alpha0?$", RegexOptions.CultureInvariant)]
    private static partial Regex Alpha { get; }

    [GeneratedRegex(@"^blocks\.(?<block>\d{1,2})\.(?<kind>conv|bn)(?<part>[123])\.", RegexOptions.CultureInvariant)]
    private static partial Regex Block { get; }

    /// <summary>The tensors with their names; those of other origins as they are.</summary>
    /// <exception cref="FormatException">A block of MobileNetV2 has a shortcut in the release and none in the network.</exception>
    public static Dictionary<string, StateDictTensor> Clean(Dictionary<string, StateDictTensor> tensors)
    {
        var isMobile = tensors.ContainsKey("conv_last.weight");
        if (!isMobile && !tensors.Keys.Any(name => Alpha.IsMatch(name)))
            return tensors;
        if (isMobile)
            RequireNoShortcuts(tensors);
        return tensors.Where(t => !Alpha.IsMatch(t.Key)).ToDictionary(
            t => isMobile ? InMobileNet(t.Key) : t.Key, t => t.Key == "fc.weight" ? AsLinear(t.Value) : t.Value);
    }

    private static string InMobileNet(string name)
    {
        foreach (var (theirs, ours) in (ReadOnlySpan<(string, string)>)
            [("conv1.", "features.0.0."), ("bn1.", "features.0.1."), ("conv_last.", "features.18.0."), ("bn_last.", "features.18.1."),
                ("fc.", "classifier.1.")])
            if (name.StartsWith(theirs, StringComparison.Ordinal))
                return ours + name[theirs.Length..];
        if (Block.Match(name) is not { Success: true } match)
            return name;
        var (block, part) = (Number(match, "block"), Number(match, "part"));
        // The first block does not expand: it begins with the depth-wise convolution, which is conv2 everywhere.
        var position = block == 0 ? part - 2 : part - 1;
        var isNorm = match.Groups["kind"].Value == "bn";
        var layer = part < 3 ? $"{position}.{(isNorm ? 1 : 0)}" : $"{position + (isNorm ? 1 : 0)}";
        return FormattableString.Invariant($"features.{block + 1}.conv.{layer}.{name[match.Length..]}");
    }

    // The pruned networks of the release compare pruned widths, which may be equal by chance.
    private static void RequireNoShortcuts(Dictionary<string, StateDictTensor> tensors)
    {
        foreach (var block in WithoutShortcut)
        {
            var first = block == 0 ? "conv1.weight" : $"blocks.{block}.conv1.weight";
            if (tensors.TryGetValue(first, out var reads) && tensors.TryGetValue($"blocks.{block}.conv3.weight", out var makes)
                && reads.Shape is [var made, var read, ..] && makes.Shape is [var width, ..] && (block == 0 ? made : read) == width)
                throw new FormatException(
                    $"Block {block} of the release's MobileNetV2 reads and makes {width} channels: there the release adds what it reads "
                    + "to what it makes, and this network does not. The weights cannot be used here.");
        }
    }

    private static StateDictTensor AsLinear(StateDictTensor weight) =>
        weight.Shape is [var classes, var features, 1, 1] ? weight with { Shape = [classes, features] } : weight;

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
}
