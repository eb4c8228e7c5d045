using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Interop.Import;

/// <summary>Weights of another tool's file, and how a run begins with them.</summary>
/// <param name="description">The network that they are for, at the file's size and classes.</param>
/// <param name="weights">The weights by the network's names; what is not among them is fresh.</param>
/// <param name="mean">Mean of the pixels that they were trained with; null where nobody said it.</param>
/// <param name="deviation">Deviation of the pixels, likewise.</param>
internal sealed class ImportedWeights(
    NetworkDescription description, IReadOnlyDictionary<string, ImportedWeight> weights,
    IReadOnlyList<float>? mean, IReadOnlyList<float>? deviation)
{
    /// <summary>Elements of all weights of one file, at most.</summary>
    public const long Most = 1 << 29;

    /// <summary>Writes them as a checkpoint.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="FormatException">A weight has another size than the network needs.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var network = ToNetwork();
        var identity = new CheckpointIdentity(
            CheckpointIdentity.Pretrained, 0, description.ToJson(), "0 none", new Dictionary<string, string>
            {
                [ImageRunOptions.NormalizationSetting] = ImageRunOptions.NormalizationText(mean, deviation),
            });
        CheckpointFile.Write(path, identity, network.SaveWeights);
    }

    /// <summary>Writes them and makes a run begin with them.</summary>
    /// <param name="options">Options of a search or a retraining.</param>
    /// <param name="architecture">The network.</param>
    /// <param name="path">Where the weights are written to.</param>
    /// <returns>The options.</returns>
    public TOptions Begin<TOptions>(TOptions options, NetworkArchitecture architecture, string path) where TOptions : ImageRunOptions
    {
        ArgumentNullException.ThrowIfNull(options);
        Save(path);
        switch (options)
        {
            case ChannelSearchOptions search:
                search.Network = architecture;
                break;
            case UniformScalingOptions scaling:
                scaling.Network = architecture;
                break;
            case PrunedRetrainOptions retraining:
                retraining.Network = architecture;
                break;
        }
        options.WeightsPath = path;
        return options;
    }

    /// <summary>The network at the file's size with its weights.</summary>
    /// <param name="device">Where it computes; null for the processor.</param>
    public SlimmableNetwork ToNetwork(Device? device = null)
    {
        var network = new SlimmableNetwork(description, device ?? CPU, new RandomSource(0));
        try
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            var state = network.state_dict();
            foreach (var (name, weight) in weights)
            {
                var target = state[name];
                var values = weight.Values();
                if (target.numel() != values.Length || !target.shape.SequenceEqual(weight.Dims))
                    throw new FormatException($"Weight '{name}' is [{string.Join(", ", weight.Dims)}] in the file; " +
                        $"needed is [{string.Join(", ", target.shape)}].");
                target.copy_(tensor(values, target.shape));
            }
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
