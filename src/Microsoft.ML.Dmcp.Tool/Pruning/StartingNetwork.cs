using Microsoft.ML.Dmcp.Tool.Frame;

namespace Microsoft.ML.Dmcp.Tool.Pruning;

/// <summary>The network that a command begins with: trained elsewhere, or with random weights.</summary>
/// <param name="Architecture">The unpruned network.</param>
/// <param name="SaveWeights">Writes its weights as a checkpoint; null for random ones.</param>
internal sealed record StartingNetwork(NetworkArchitecture Architecture, Action<string>? SaveWeights)
{
    /// <summary>Name of ResNet-18 as ML.NET's package has it, trained on ImageNet.</summary>
    public const string Pretrained = "pretrained-resnet18";

    private const string Fallback = "resnet18";
    private const int SmallSize = 32, LargeSize = 96, Colours = 3;

    /// <summary>Side of images that suits the network.</summary>
    public int UsualSize => Architecture.Name.StartsWith("cifar-", StringComparison.Ordinal) ? SmallSize : LargeSize;

    /// <summary>The network for images and classes.</summary>
    public NetworkDescription Describe(int size, int classes) => Architecture.Describe(Colours, size, size, classes);

    /// <summary>Finds a network.</summary>
    /// <param name="run">The command.</param>
    /// <param name="name">Its name; null where the line does not say it.</param>
    /// <param name="weights">File with its weights; null for none.</param>
    /// <param name="configured">Name of the network of a channel config; null for none.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">The file is damaged, or of another network.</exception>
    /// <exception cref="ToolException">The options do not fit together.</exception>
    public static StartingNetwork Find(CommandRun run, string? name, string? weights, string? configured)
    {
        if (weights is not null)
            return OfFile(run, name, weights, configured);
        name ??= configured;
        if (name is not null && name != Pretrained)
            return new StartingNetwork(NetworkZoo.Find(name), null);
        try
        {
            return Of(NetworkZoo.PretrainedResNet18());
        }
        catch (FileNotFoundException e) when (name is null)
        {
            run.Console.Warn($"No pre-trained network is here: {Fallback} begins with random weights, which needs many more images. "
                + ErrorText.Of(e));
            return new StartingNetwork(NetworkZoo.Find(Fallback), null);
        }
    }

    private static StartingNetwork OfFile(CommandRun run, string? name, string weights, string? configured)
    {
        var path = run.PathOf(weights);
        switch (Path.GetExtension(path).ToUpperInvariant())
        {
            case ".ONNX":
                if (name is not null)
                    throw new ToolException($"--network is '{name}', but '{weights}' describes its own network: leave it out.");
                var imported = OnnxNetwork.Load(path);
                foreach (var remark in imported.Remarks)
                    run.Console.Detail(remark);
                return Of(imported);
            case ".PTH" or ".PT" or ".SAFETENSORS":
                name ??= configured;
                if (name is null or Pretrained)
                    throw new ToolException($"'{weights}' has weights without their network: name it with --network, such as resnet18.");
                var torch = PyTorchNetwork.Load(path, NetworkZoo.Find(name));
                return new StartingNetwork(torch.Architecture, torch.SaveWeights);
            default:
                throw new ToolException($"--weights is '{weights}'; needed is an .onnx, .pth, .pt or .safetensors file.");
        }
    }

    private static StartingNetwork Of(OnnxNetwork network) => new(network.Architecture, network.SaveWeights);
}
