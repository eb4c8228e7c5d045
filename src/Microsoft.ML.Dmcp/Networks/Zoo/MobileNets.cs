namespace Microsoft.ML.Dmcp.Networks.Zoo;

/// <summary>MobileNets.</summary>
internal static class MobileNets
{
    // Expansion, channels, blocks, stride of every stage: Table 2 of Sandler et al. 2018.
    private static readonly (int Expand, int Channels, int Blocks, int Stride)[] V2Stages =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    // Kernel, expanded channels, channels, squeeze-and-excitation, non-linearity, stride of every block: Table 1 of Howard et al. 2019.
    private static readonly (int Kernel, int Expanded, int Channels, bool Squeeze, Activation Act, int Stride)[] V3LargeBlocks =
    [
        (3, 16, 16, false, Activation.ReLU, 1),
        (3, 64, 24, false, Activation.ReLU, 2), (3, 72, 24, false, Activation.ReLU, 1),
        (5, 72, 40, true, Activation.ReLU, 2), (5, 120, 40, true, Activation.ReLU, 1), (5, 120, 40, true, Activation.ReLU, 1),
        (3, 240, 80, false, Activation.Hardswish, 2), (3, 200, 80, false, Activation.Hardswish, 1),
        (3, 184, 80, false, Activation.Hardswish, 1), (3, 184, 80, false, Activation.Hardswish, 1),
        (3, 480, 112, true, Activation.Hardswish, 1), (3, 672, 112, true, Activation.Hardswish, 1),
        (5, 672, 160, true, Activation.Hardswish, 2), (5, 960, 160, true, Activation.Hardswish, 1),
        (5, 960, 160, true, Activation.Hardswish, 1),
    ];

    public static NetworkArchitecture V2(string name, double width, bool smallImages) => new(name, net =>
    {
        var x = ConvBnReLU6(net, net.Input, MultipleOf8(32 * width), 3, smallImages ? 1 : 2, "features.0");
        var index = 1;
        for (var stage = 0; stage < V2Stages.Length; stage++)
        {
            var (expand, channels, blocks, stride) = V2Stages[stage];
            for (var b = 0; b < blocks; b++)
            {
                var step = b > 0 || (smallImages && stage < 2) ? 1 : stride;
                x = InvertedResidual(net, x, MultipleOf8(channels * width), expand, step, $"features.{index++}");
            }
        }
        x = ConvBnReLU6(net, x, MultipleOf8(1280 * Math.Max(1, width)), 1, 1, $"features.{index}");
        x = net.Dropout(net.GlobalAveragePool(x, "avgpool"), 0.2, "classifier.0");
        net.Linear(x, net.Classes, name: "classifier.1");
    });

    public static NetworkArchitecture V3Large(string name, double width) => new(name, net =>
    {
        var x = net.Conv(net.Input, MultipleOf8(16 * width), 3, stride: 2, name: "features.0.0");
        x = NormAct(net, x, Activation.Hardswish, "features.0");
        var index = 1;
        foreach (var (kernel, expanded, channels, squeeze, act, stride) in V3LargeBlocks)
        {
            var (inner, outer) = (MultipleOf8(expanded * width), MultipleOf8(channels * width));
            x = Bottleneck(net, x, kernel, inner, outer, squeeze, act, stride, $"features.{index++}");
        }
        x = NormAct(net, net.Conv(x, 6 * x.Channels, 1, name: $"features.{index}.0"), Activation.Hardswish, $"features.{index}");
        x = net.Linear(net.GlobalAveragePool(x, "avgpool"), MultipleOf8(1280 * width), name: "classifier.0");
        x = net.Dropout(net.Activate(x, Activation.Hardswish, "classifier.1"), 0.2, "classifier.2");
        net.Linear(x, net.Classes, name: "classifier.3");
    });

    private static NetworkValue InvertedResidual(NetworkBuilder net, NetworkValue x, int channels, int expand, int stride, string name)
    {
        var y = x;
        var part = 0;
        if (expand != 1)
            y = ConvBnReLU6(net, y, x.Channels * expand, 1, 1, $"{name}.conv.{part++}");
        y = net.DepthwiseConv(y, 3, stride, name: $"{name}.conv.{part}.0");
        y = net.Activate(net.BatchNorm(y, name: $"{name}.conv.{part}.1"), Activation.ReLU6, $"{name}.conv.{part++}.2");
        y = net.Conv(y, channels, 1, name: $"{name}.conv.{part++}");
        y = net.BatchNorm(y, name: $"{name}.conv.{part}");
        return stride == 1 && x.Channels == channels ? net.Add(y, x, $"{name}.add") : y;
    }

    private static NetworkValue ConvBnReLU6(NetworkBuilder net, NetworkValue x, int channels, int kernel, int stride, string name) =>
        net.Activate(
            net.BatchNorm(net.Conv(x, channels, kernel, stride, name: $"{name}.0"), name: $"{name}.1"), Activation.ReLU6, $"{name}.2");

    /// <summary>The inverted residual of MobileNetV3: with squeeze-and-excitation behind the depth-wise convolution.</summary>
    private static NetworkValue Bottleneck(
        NetworkBuilder net, NetworkValue x, int kernel, int expanded, int channels, bool squeeze, Activation act, int stride, string name)
    {
        var y = x;
        var part = 0;
        if (expanded != x.Channels)
            y = NormAct(net, net.Conv(y, expanded, 1, name: $"{name}.block.{part}.0"), act, $"{name}.block.{part++}");
        y = NormAct(net, net.DepthwiseConv(y, kernel, stride, name: $"{name}.block.{part}.0"), act, $"{name}.block.{part++}");
        if (squeeze)
            y = Excite(net, y, $"{name}.block.{part++}");
        y = V3Norm(net, net.Conv(y, channels, 1, name: $"{name}.block.{part}.0"), $"{name}.block.{part}.1");
        return stride == 1 && x.Channels == channels ? net.Add(y, x, $"{name}.add") : y;
    }

    /// <summary>Squeeze-and-excitation: every channel times a factor that all channels' means decide.</summary>
    private static NetworkValue Excite(NetworkBuilder net, NetworkValue x, string name)
    {
        var y = net.Conv(net.GlobalAveragePool(x, $"{name}.avgpool"), MultipleOf8(x.Channels / 4), 1, bias: true, name: $"{name}.fc1");
        y = net.Conv(net.ReLU(y, $"{name}.activation"), x.Channels, 1, bias: true, name: $"{name}.fc2");
        return net.Multiply(x, net.Activate(y, Activation.Hardsigmoid, $"{name}.scale_activation"), $"{name}.scale");
    }

    private static NetworkValue NormAct(NetworkBuilder net, NetworkValue x, Activation act, string name) =>
        net.Activate(V3Norm(net, x, $"{name}.1"), act, $"{name}.2");

    private static NetworkValue V3Norm(NetworkBuilder net, NetworkValue x, string name) =>
        net.BatchNorm(x, epsilon: 0.001, momentum: 0.01, name: name);

    /// <summary>The nearest multiple of 8, at most 10 % below (the rule of the TensorFlow models).</summary>
    private static int MultipleOf8(double channels)
    {
        var rounded = Math.Max(8, (int)(channels + 4) / 8 * 8);
        return rounded < 0.9 * channels ? rounded + 8 : rounded;
    }
}
