using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using TorchSharp;
using static TorchSharp.torch;
using PyBridge = TorchSharp.PyBridge;

namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>Writes state dicts.</summary>
internal static class StateDictExporter
{
    /// <summary>How the names of safetensors files end.</summary>
    public const string Safetensors = ".safetensors";

    private static readonly string[] Archives = [".pth", ".pt"];

    /// <exception cref="ArgumentException">The name of a file says no format.</exception>
    public static void RequireFormat(string path)
    {
        if (!IsSafetensors(path) && !Archives.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
            throw new ArgumentException(
                $"'{path}' ends in '{Path.GetExtension(path)}': name a file {string.Join(", ", Archives)} or {Safetensors}.", nameof(path));
    }

    /// <summary>Writes the weights of a network, and the script that rebuilds it where torchvision has it.</summary>
    /// <param name="model">The network with what it needs; stays its owner's.</param>
    /// <param name="path">The file, in the format of its name.</param>
    /// <returns>The script; null for none.</returns>
    /// <exception cref="IOException">A file cannot be written, or the script would replace another one.</exception>
    public static string? Write(PrunedModel model, string path)
    {
        var script = Path.ChangeExtension(path, ".py");
        var call = TorchvisionNetworks.CallFor(model.Network.Description, [.. model.Config.Groups.Select(g => g.Width)]);
        if (call is not null)
            RebuildScript.RequireReplaceable(script);
        try
        {
            WriteWeights(model.Network, path);
            if (call is not null)
                RebuildScript.Write(script, Path.GetFileName(path), call, model);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"State dict '{path}' cannot be written: {e.Message} " +
                "Free some room or name a file in a folder that can be written.", e);
        }
        return call is null ? null : script;
    }

    private static void WriteWeights(SlimmableNetwork network, string path)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var state = new Dictionary<string, Tensor>();
        foreach (var (name, weight) in network.state_dict())
            state[name] = weight.detach().to(ScalarType.Float32).cpu().contiguous();
        // PyTorch's batch norms count batches.
        foreach (var norm in network.Description.Layers.OfType<BatchNormLayer>())
            state[StateDictNames.CounterOf(norm.Name)] = zeros([], ScalarType.Int64);
        DurableFile.Write(path, stream =>
        {
            if (IsSafetensors(path))
                PyBridge.Safetensors.SaveStateDict(stream, state, leaveOpen: true);
            else
                PyBridge.PyTorchPickler.PickleStateDict(stream, state, leaveOpen: true);
        });
    }

    private static bool IsSafetensors(string path) => Path.GetExtension(path).Equals(Safetensors, StringComparison.OrdinalIgnoreCase);
}
