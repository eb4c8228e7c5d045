namespace Microsoft.ML.Dmcp.Networks.Zoo;

/// <summary>VGG networks.</summary>
internal static class Vggs
{
    // 0 stands for a max pooling: configuration D of Simonyan and Zisserman 2015.
    private static readonly int[] Widths16 = [64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0];

    public static NetworkArchitecture Vgg16(string name, double width) => new(name, net =>
    {
        var x = net.Input;
        var index = 0;
        foreach (var channels in Widths16)
        {
            if (channels == 0)
            {
                x = net.MaxPool(x, 2, name: $"features.{index++}");
                continue;
            }
            x = net.Conv(x, Scale(channels, width), 3, bias: true, name: $"features.{index++}");
            x = net.BatchNorm(x, name: $"features.{index++}");
            x = net.ReLU(x, $"features.{index++}");
        }
        x = net.Flatten(x);
        foreach (var layer in (int[])[0, 3])
        {
            x = net.ReLU(net.Linear(x, Scale(4096, width), name: $"classifier.{layer}"), $"classifier.{layer + 1}");
            x = net.Dropout(x, 0.5, $"classifier.{layer + 2}");
        }
        net.Linear(x, net.Classes, name: "classifier.6");
    });

    private static int Scale(int channels, double width) => Math.Max(1, (int)(channels * width));
}
