using System.Globalization;
using Microsoft.ML.Dmcp.Networks.Zoo;

namespace Microsoft.ML.Dmcp;

/// <summary>The networks of the papers. Layers are named as torchvision names them.</summary>
public static class NetworkZoo
{
    private static readonly Dictionary<string, Func<double, NetworkArchitecture>> ByName = new()
    {
        ["resnet18"] = w => ResNet(18, w),
        ["resnet34"] = w => ResNet(34, w),
        ["resnet50"] = w => ResNet(50, w),
        ["mobilenetv2"] = w => MobileNetV2(w),
        ["cifar-mobilenetv2"] = w => MobileNetV2(w, smallImages: true),
        ["mobilenetv3-large"] = w => MobileNetV3Large(w),
        ["densenet121"] = w => DenseNet121(w),
        ["vgg16bn"] = w => Vgg16(w),
    };

    private const string CifarPrefix = "cifar-resnet";
    private static readonly int[] CifarDepths = [20, 32, 44, 56, 110];

    /// <summary>Names that <see cref="Find"/> knows; <c>@1.5</c> behind a name multiplies its widths.</summary>
    public static IReadOnlyCollection<string> Names => [.. ByName.Keys, .. CifarDepths.Select(d => CifarPrefix + d)];

    /// <summary>The architecture of a name such as <c>cifar-resnet20</c> or <c>mobilenetv2@1.5</c>.</summary>
    /// <param name="name">The name, as channel configs hold it.</param>
    /// <exception cref="ArgumentOutOfRangeException">No network of the zoo is called so; the message lists the names.</exception>
    public static NetworkArchitecture Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var parts = name.Split('@');
        var width = 1.0;
        if (parts.Length == 1 || (parts.Length == 2 && IsMultiplier(parts[1], out width)))
        {
            if (ByName.TryGetValue(parts[0], out var make))
                return make(width);
            if (CifarDepth(parts[0]) is { } depth)
                return CifarResNet(depth, width);
        }
        throw new ArgumentOutOfRangeException(nameof(name), name,
            $"No network is called '{name}'. Known are {string.Join(", ", Names)}, each also with a width multiplier such as '@0.5'.");
    }

    /// <summary>ResNet for images of about 224 pixels (He et al. 2016): 7x7 stem with max pooling, four stages.</summary>
    /// <param name="depth">18, 34 (basic blocks) or 50 (bottlenecks).</param>
    /// <param name="width">Multiplier of all widths.</param>
    public static NetworkArchitecture ResNet(int depth, double width = 1) => depth switch
    {
        18 => ResNets.ImageNet(Named("resnet18", width), [2, 2, 2, 2], bottleneck: false, width),
        34 => ResNets.ImageNet(Named("resnet34", width), [3, 4, 6, 3], bottleneck: false, width),
        50 => ResNets.ImageNet(Named("resnet50", width), [3, 4, 6, 3], bottleneck: true, width),
        _ => throw new ArgumentOutOfRangeException(nameof(depth), depth, "ResNets of depth 18, 34 and 50 are known."),
    };

    /// <summary>ResNet-18: the same as <c>ResNet(18)</c>.</summary>
    /// <inheritdoc cref="ResNet(int, double)" path="/param[@name='width']"/>
    public static NetworkArchitecture ResNet18(double width = 1) => ResNet(18, width);

    /// <summary>ResNet-34: the same as <c>ResNet(34)</c>.</summary>
    /// <inheritdoc cref="ResNet(int, double)" path="/param[@name='width']"/>
    public static NetworkArchitecture ResNet34(double width = 1) => ResNet(34, width);

    /// <summary>ResNet-50: the same as <c>ResNet(50)</c>.</summary>
    /// <inheritdoc cref="ResNet(int, double)" path="/param[@name='width']"/>
    public static NetworkArchitecture ResNet50(double width = 1) => ResNet(50, width);

    /// <summary>
    /// ResNet for images of about 32 pixels (He et al. 2016, 4.2): 3x3 stem, three stages of 16, 32, 64 channels, projection shortcuts.
    /// </summary>
    /// <param name="depth">6n + 2: 20, 32, 44, 56, 110.</param>
    /// <param name="width">Multiplier of all widths.</param>
    public static NetworkArchitecture CifarResNet(int depth, double width = 1) => depth >= 8 && depth % 6 == 2
        ? ResNets.Cifar(Named($"{CifarPrefix}{depth}", width), (depth - 2) / 6, width)
        : throw new ArgumentOutOfRangeException(nameof(depth), depth, "The depth of a CIFAR ResNet is 6n + 2: 20, 32, 44, 56 or 110.");

    /// <summary>MobileNetV2 (Sandler et al. 2018): inverted residuals with depth-wise convolutions.</summary>
    /// <param name="width">Multiplier of all widths; the paper prunes 1.5.</param>
    /// <param name="smallImages">Whether the first two strides of 2 (stem, 24 channels) are 1, for images of about 32 pixels.</param>
    public static NetworkArchitecture MobileNetV2(double width = 1, bool smallImages = false) =>
        MobileNets.V2(Named(smallImages ? "cifar-mobilenetv2" : "mobilenetv2", width), width, smallImages);

    /// <summary>MobileNetV3-Large (Howard et al. 2019): inverted residuals, some with squeeze-and-excitation, and hard swish.</summary>
    /// <param name="width">Multiplier of all widths; they are rounded to multiples of 8.</param>
    public static NetworkArchitecture MobileNetV3Large(double width = 1) => MobileNets.V3Large(Named("mobilenetv3-large", width), width);

    /// <summary>DenseNet-121 (Huang et al. 2017): every layer of a block reads all layers before it.</summary>
    /// <param name="width">Multiplier of the growth rate of 32 and of the stem's 64 channels, from which all widths follow.</param>
    public static NetworkArchitecture DenseNet121(double width = 1) => DenseNets.ImageNet121(Named("densenet121", width), width);

    /// <summary>VGG-16 with batch norm (Simonyan and Zisserman 2015), with torchvision's classifier of two hidden layers.</summary>
    /// <param name="width">Multiplier of the convolutions' and the hidden layers' widths.</param>
    public static NetworkArchitecture Vgg16(double width = 1) => Vggs.Vgg16(Named("vgg16bn", width), width);

    private static bool IsMultiplier(string text, out double width) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out width);

    private static int? CifarDepth(string name)
    {
        if (!name.StartsWith(CifarPrefix, StringComparison.Ordinal))
            return null;
        return int.TryParse(name.AsSpan(CifarPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var depth) ? depth : null;
    }

    private static string Named(string name, double width) => width is > 0 and <= 64
        ? width == 1 ? name : name + "@" + width.ToString(CultureInfo.InvariantCulture)
        : throw new ArgumentOutOfRangeException(nameof(width), width, "A width multiplier is greater than 0 and at most 64.");
}
