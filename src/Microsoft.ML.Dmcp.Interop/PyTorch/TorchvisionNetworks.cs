using System.Globalization;
using Microsoft.ML.Dmcp.Networks;

namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>The networks of the zoo that torchvision has, too.</summary>
internal static class TorchvisionNetworks
{
    private static readonly Dictionary<string, string> Functions = new()
    {
        ["resnet18"] = "resnet18",
        ["resnet34"] = "resnet34",
        ["resnet50"] = "resnet50",
        ["mobilenetv2"] = "mobilenet_v2",
        ["mobilenetv3-large"] = "mobilenet_v3_large",
        ["densenet121"] = "densenet121",
        ["vgg16bn"] = "vgg16_bn",
    };

    /// <summary>
    /// What makes torchvision's network with the layers of a pruned one, whose widths may differ; null where torchvision has none.
    /// </summary>
    /// <param name="pruned">The pruned network.</param>
    /// <param name="widths">Width of every channel group.</param>
    /// <returns>A call of a function of <c>torchvision.models</c> with the number of classes.</returns>
    public static string? CallFor(NetworkDescription pruned, IReadOnlyList<int> widths)
    {
        var name = pruned.Name.Split('@');
        if (!Functions.TryGetValue(name[0], out var function) || !IsOfTheZoo(pruned, widths))
            return null;
        // Which blocks of the MobileNets have a shortcut depends on the widths; in the others nothing but the sizes does.
        var multiplier = name.Length > 1 && function.StartsWith("mobilenet", StringComparison.Ordinal) ? $"width_mult={name[1]}, " : "";
        return string.Create(CultureInfo.InvariantCulture, $"{function}({multiplier}num_classes={pruned.Classes})");
    }

    // Anyone may give an architecture a name of the zoo.
    private static bool IsOfTheZoo(NetworkDescription pruned, IReadOnlyList<int> widths)
    {
        try
        {
            var input = pruned.Input;
            var whole = NetworkZoo.Find(pruned.Name).Describe(input.Channels, input.Height, input.Width, pruned.Classes);
            return whole.AtWidths(widths).ToJson() == pruned.ToJson();
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
