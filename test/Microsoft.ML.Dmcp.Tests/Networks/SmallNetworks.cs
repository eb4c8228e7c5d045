namespace Microsoft.ML.Dmcp.Tests.Networks;

/// <summary>One small network of every kind of graph, for 12x12 images and 4 classes.</summary>
internal static class SmallNetworks
{
    public static NetworkDescription Describe(string name) => Find(name).Describe(3, 12, 12, 4);

    public static NetworkArchitecture Find(string name) => new(name, net => Build(net, name));

    private static void Build(NetworkBuilder net, string name)
    {
        var x = net.Activate(net.BatchNorm(net.Conv(net.Input, 6, 3)), Activation.Hardswish);
        x = name switch
        {
            "residual" =>
                net.Activate(
                    net.Add(net.BatchNorm(net.Conv(net.Activate(net.BatchNorm(net.Conv(x, 5, 3)), Activation.SiLU), 6, 3)), x),
                    Activation.SiLU),
            "inverted" => net.BatchNorm(net.Conv(net.BatchNorm(net.DepthwiseConv(net.BatchNorm(net.Conv(x, 8, 1)), 3, 2)), 7, 1)),
            "dense" => Dense(net, x),
            // A shortcut without batch norm is added to one with: it has to be gated by itself.
            "mixed" => net.Add(net.BatchNorm(net.Conv(x, 5, 3)), net.DepthwiseConv(net.Conv(x, 5, 1, bias: true), 3, bias: true)),
            "squeeze" => net.Multiply(x, Excitation(net, x)),
            // The channels of groups stay; those around them are pruned.
            "grouped" => Grouped(net, x),
            "windows" => Windows(net, x),
            _ => net.Conv(net.AveragePool(x, 2), 9, 3, stride: 2, bias: true),
        };
        if (name == "plain")
            x = net.Activate(net.Linear(net.Flatten(x), 10), Activation.SiLU);
        net.Linear(name == "plain" ? x : net.GlobalAveragePool(x), net.Classes);
    }

    // The weights of channels in a squeeze-and-excitation block.
    private static NetworkValue Grouped(NetworkBuilder net, NetworkValue x)
    {
        var before = net.BatchNorm(net.Conv(x, 6, 1));
        return net.BatchNorm(net.Conv(net.Conv(before, 4, new SlidingWindow(3, 3, Bottom: 1), groups: 2, bias: true), 5, 1));
    }

    private static NetworkValue Excitation(NetworkBuilder net, NetworkValue x)
    {
        x = net.Activate(net.Conv(net.GlobalAveragePool(x), 3, 1, bias: true), Activation.SiLU);
        return net.Activate(net.Conv(x, 6, 1, bias: true), Activation.Sigmoid);
    }

    // A DenseNet block: batch norm over a concatenation of groups.
    private static NetworkValue Dense(NetworkBuilder net, NetworkValue x)
    {
        var y = net.Conv(net.Activate(net.BatchNorm(x), Activation.SiLU), 4, 3);
        x = net.Concat([x, y]);
        y = net.Conv(net.Activate(net.BatchNorm(x), Activation.SiLU), 4, 3);
        return net.BatchNorm(net.Concat([x, y]));
    }

    // Windows that are not square, dilated and padded at one side, pools of all kinds, functions with parameters.
    private static NetworkValue Windows(NetworkBuilder net, NetworkValue x)
    {
        x = net.Conv(x, 7, new SlidingWindow(1, 3, Left: 2), bias: true);
        x = net.Activate(x, Activation.LeakyReLU, 0.2, null);
        x = net.Conv(x, 7, new SlidingWindow(3, 2, 2, 1, Top: 2, Right: 1, DilationY: 2), groups: 7);
        x = net.Pool(net.BatchNorm(x), PoolKind.AverageOfImage, new SlidingWindow(3, 2, 1, 1, 0, 1, 2, 0));
        x = net.Pool(net.Pad(x, 0, 1, 1, 0, 0.5), PoolKind.Average, new SlidingWindow(2, 3, Top: 1));
        return net.Activate(net.Activate(x, Activation.Hardsigmoid, 0.2, 0.4), Activation.Clip, null, 0.9);
    }
}
