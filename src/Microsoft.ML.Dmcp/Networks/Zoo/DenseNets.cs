namespace Microsoft.ML.Dmcp.Networks.Zoo;

/// <summary>Densely connected networks (Huang et al. 2017).</summary>
internal static class DenseNets
{
    // Layers of every block: DenseNet-121 of Table 1.
    private static readonly int[] Layers121 = [6, 12, 24, 16];

    public static NetworkArchitecture ImageNet121(string name, double width) => new(name, net =>
    {
        var growth = Scale(32, width);
        var x = net.Conv(net.Input, Scale(64, width), kernel: 7, stride: 2, name: "features.conv0");
        x = net.ReLU(net.BatchNorm(x, name: "features.norm0"), "features.relu0");
        x = net.MaxPool(x, kernel: 3, stride: 2, padding: 1, name: "features.pool0");
        for (var block = 1; block <= Layers121.Length; block++)
        {
            for (var layer = 1; layer <= Layers121[block - 1]; layer++)
                x = DenseLayer(net, x, growth, $"features.denseblock{block}.denselayer{layer}");
            if (block < Layers121.Length)
                x = Transition(net, x, $"features.transition{block}");
        }
        x = net.ReLU(net.BatchNorm(x, name: "features.norm5"), "features.relu5");
        net.Linear(net.GlobalAveragePool(x, "avgpool"), net.Classes, name: "classifier");
    });

    /// <summary>Appends the growth rate's channels to what came before, through a bottleneck of four times as many.</summary>
    private static NetworkValue DenseLayer(NetworkBuilder net, NetworkValue x, int growth, string name)
    {
        var y = net.ReLU(net.BatchNorm(x, name: $"{name}.norm1"), $"{name}.relu1");
        y = net.Conv(y, 4 * growth, 1, name: $"{name}.conv1");
        y = net.ReLU(net.BatchNorm(y, name: $"{name}.norm2"), $"{name}.relu2");
        return net.Concat([x, net.Conv(y, growth, 3, name: $"{name}.conv2")], $"{name}.concat");
    }

    /// <summary>Halves the channels and the size.</summary>
    private static NetworkValue Transition(NetworkBuilder net, NetworkValue x, string name)
    {
        var y = net.ReLU(net.BatchNorm(x, name: $"{name}.norm"), $"{name}.relu");
        y = net.Conv(y, x.Channels / 2, 1, name: $"{name}.conv");
        return net.AveragePool(y, 2, name: $"{name}.pool");
    }

    private static int Scale(int channels, double width) => Math.Max(1, (int)(channels * width));
}
