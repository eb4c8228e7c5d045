namespace Microsoft.ML.Dmcp.Networks.Zoo;

/// <summary>Deep residual networks (He et al. 2016).</summary>
internal static class ResNets
{
    public static NetworkArchitecture ImageNet(string name, int[] blocks, bool bottleneck, double width) => new(name, net =>
    {
        var x = net.Conv(net.Input, Scale(64, width), kernel: 7, stride: 2, name: "conv1");
        x = net.ReLU(net.BatchNorm(x, name: "bn1"), "relu1");
        x = net.MaxPool(x, kernel: 3, stride: 2, padding: 1, name: "maxpool");
        for (var stage = 0; stage < 4; stage++)
            x = Stage(net, x, $"layer{stage + 1}", Scale(64 << stage, width), blocks[stage], stage == 0 ? 1 : 2, bottleneck);
        net.Linear(net.GlobalAveragePool(x, "avgpool"), net.Classes, name: "fc");
    });

    public static NetworkArchitecture Cifar(string name, int blocks, double width) => new(name, net =>
    {
        var x = net.Conv(net.Input, Scale(16, width), kernel: 3, name: "conv1");
        x = net.ReLU(net.BatchNorm(x, name: "bn1"), "relu1");
        for (var stage = 0; stage < 3; stage++)
            x = Stage(net, x, $"layer{stage + 1}", Scale(16 << stage, width), blocks, stage == 0 ? 1 : 2, bottleneck: false);
        net.Linear(net.GlobalAveragePool(x, "avgpool"), net.Classes, name: "fc");
    });

    private static NetworkValue Stage(
        NetworkBuilder net, NetworkValue x, string name, int channels, int blocks, int stride, bool bottleneck)
    {
        for (var b = 0; b < blocks; b++)
            x = Block(net, x, $"{name}.{b}", channels, b == 0 ? stride : 1, bottleneck);
        return x;
    }

    private static NetworkValue Block(NetworkBuilder net, NetworkValue x, string name, int channels, int stride, bool bottleneck)
    {
        var outChannels = bottleneck ? 4 * channels : channels;
        var y = net.Conv(x, channels, bottleneck ? 1 : 3, bottleneck ? 1 : stride, name: $"{name}.conv1");
        y = net.ReLU(net.BatchNorm(y, name: $"{name}.bn1"), $"{name}.relu1");
        y = net.Conv(y, channels, 3, bottleneck ? stride : 1, name: $"{name}.conv2");
        y = net.BatchNorm(y, name: $"{name}.bn2");
        if (bottleneck)
        {
            y = net.Conv(net.ReLU(y, $"{name}.relu2"), outChannels, 1, name: $"{name}.conv3");
            y = net.BatchNorm(y, name: $"{name}.bn3");
        }
        var shortcut = x;
        if (stride != 1 || x.Channels != outChannels)
        {
            shortcut = net.Conv(x, outChannels, 1, stride, name: $"{name}.downsample.0");
            shortcut = net.BatchNorm(shortcut, name: $"{name}.downsample.1");
        }
        return net.ReLU(net.Add(y, shortcut, $"{name}.add"), $"{name}.relu");
    }

    private static int Scale(int channels, double width) => Math.Max(1, (int)(channels * width));
}
