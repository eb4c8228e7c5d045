using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Yaml;

namespace Microsoft.ML.Dmcp.Tool.Release;

/// <summary>A network of the release: what <c>model.type</c> names.</summary>
/// <param name="Type">The name.</param>
/// <param name="IsSearched">Whether it is searched (DMCP...) rather than trained at given widths (Adaptive...).</param>
/// <param name="WidestOfRelease">The width that the release's config prunes from.</param>
/// <param name="AtWidth">The unpruned network at a width multiplier.</param>
internal sealed record ReleaseNetwork(string Type, bool IsSearched, double WidestOfRelease, Func<double, NetworkArchitecture> AtWidth)
{
    private static readonly ReleaseNetwork[] All =
    [
        .. from searched in (bool[])[true, false]
           let prefix = searched ? "DMCP" : "Adaptive"
           from network in (ReleaseNetwork[])
           [
               new(prefix + "MobileNetV2", searched, 1.5, w => NetworkZoo.MobileNetV2(w)),
               new(prefix + "ResNet18", searched, 1, NetworkZoo.ResNet18),
               new(prefix + "ResNet50", searched, 1, NetworkZoo.ResNet50),
           ]
           select network,
    ];

    /// <summary>The network that the value names.</summary>
    /// <exception cref="FormatException">There is none of this name.</exception>
    public static ReleaseNetwork Find(YamlValue type) =>
        All.FirstOrDefault(n => n.Type == type.Text()) ?? throw type.Problem(
            $"is '{type.Text()}'; the release has {string.Join(", ", All.Select(n => n.Type))}."
                + NearestName.Question(type.Text(), All.Select(n => n.Type)));
}
