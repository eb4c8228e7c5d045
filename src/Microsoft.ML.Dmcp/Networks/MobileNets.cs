namespace Microsoft.ML.Dmcp.Networks;

/// <summary>MobileNets.</summary>
internal static class MobileNets
{
    // Expansion, channels, blocks, stride of every stage: Table 2 of Sandler et al. 2018.
    private static readonly (int Expand, int Channels, int Blocks, int Stride)[] V2Stages =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    public static NetworkArchitecture V2(string name, double width, bool smallImages) => new(name, net =>
    {
        var x = ConvBnReLU6(net, net.Input, MultipleOf8(32 * width), 3, smallImages ? 1 : 2, "features.0");
        var index = 1;
        for (var stage = 0; stage < V2Stages.Length; stage++)
        {
            var (expand, channels, blocks, stride) = V2Stages[stage];
            for (var b = 0; b < blocks; b++)
                x = InvertedResidual(net, x, MultipleOf8(channels * width), expand, b > 0 || (smallImages && stage < 2) ? 1 : stride, $"features.{index++}");
        }
        x = ConvBnReLU6(net, x, MultipleOf8(1280 * Math.Max(1, width)), 1, 1, $"features.{index}");
        x = net.Dropout(net.GlobalAveragePool(x, "avgpool"), 0.2, "classifier.0");
        net.Linear(x, net.Classes, name: "classifier.1");
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
        return stride == 1 && x.Channels == channels ? net.Add(x, y, $"{name}.add") : y;
    }

    private static NetworkValue ConvBnReLU6(NetworkBuilder net, NetworkValue x, int channels, int kernel, int stride, string name) =>
        net.Activate(net.BatchNorm(net.Conv(x, channels, kernel, stride, name: $"{name}.0"), name: $"{name}.1"), Activation.ReLU6, $"{name}.2");

    /// <summary>The nearest multiple of 8, at most 10 % below (the rule of the TensorFlow models).</summary>
    private static int MultipleOf8(double channels)
    {
        var rounded = Math.Max(8, (int)(channels + 4) / 8 * 8);
        return rounded < 0.9 * channels ? rounded + 8 : rounded;
    }
}
