using System.CommandLine;
using System.CommandLine.Completions;
using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Pruning;

namespace Microsoft.ML.Dmcp.Tool.Options;

/// <summary>The options that say which network a command begins with, and of which size its images are.</summary>
internal sealed class StartOptions
{
    private readonly Option<string?> _network = new("--network")
    {
        Description = $"Network: {StartingNetwork.Pretrained} (default: trained on ImageNet), or one that begins with random weights: "
            + $"{string.Join(", ", NetworkZoo.Names)}; '@0.5' behind a name multiplies its widths.",
        HelpName = "NAME",
    };
    private readonly Option<string?> _weights = new("--weights")
    {
        Description = "Trained network to begin with: an ONNX file, or a state dict of PyTorch (.pth, .safetensors) of --network.",
        HelpName = "FILE",
    };
    private readonly Option<int?> _size = NumberOption.WholeOrNone(
        "--size", "Side that images are resized to, in pixels. Default 32 for networks called cifar-..., else 96.", least: 8, most: 1024);

    public StartOptions()
    {
        _network.CompletionSources.Add(_ => NetworkZoo.Names.Append(StartingNetwork.Pretrained).Select(name => new CompletionItem(name)));
        _network.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } name && name != StartingNetwork.Pretrained
                && NetworkOption.Problem(name) is { } problem)
                result.AddError(problem);
        });
    }

    public void AddTo(ToolCommand command)
    {
        foreach (var option in (Option[])[_network, _weights, _size])
            command.Add(option);
    }

    /// <summary>The network of a line.</summary>
    /// <param name="run">The command.</param>
    /// <param name="configured">Name of the network that a channel config is for; null for none.</param>
    public StartingNetwork Read(CommandRun run, string? configured = null) =>
        StartingNetwork.Find(run, run.Value(_network), run.Value(_weights), configured);

    /// <summary>Side of the images, where the line says it.</summary>
    public int? GivenSize(CommandRun run) => run.Value(_size);

    /// <summary>Side of the images.</summary>
    public int Size(CommandRun run, StartingNetwork start) => run.Value(_size) ?? start.UsualSize;
}
