using System.Security.Cryptography;
using Microsoft.ML.Dmcp.Data;

namespace Microsoft.ML.Dmcp.Training.Checkpoints;

/// <summary>What identifies a run: only a run with the same identity resumes from a checkpoint.</summary>
/// <param name="Kind">A search or a retraining.</param>
/// <param name="Seed">Seed of all randomness.</param>
/// <param name="Network">The network that is trained, as JSON.</param>
/// <param name="Images">Number and SHA-256 of the images and labels.</param>
/// <param name="Settings">The settings that decide the result, as text.</param>
internal sealed record CheckpointIdentity(
    string Kind, int Seed, string Network, string Images, IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>Name of the setting that holds the budget.</summary>
    public const string BudgetSetting = "budget";

    /// <summary>Name of the setting that holds the widths: those of the pruned network, in a search those of its sub-networks.</summary>
    public const string WidthsSetting = "widths";

    /// <summary>Name of the setting that holds in how many steps channels were pruned while the network was trained.</summary>
    public const string PruningStepsSetting = "pruningSteps";

    /// <summary>Kind of all retrainings.</summary>
    public const string Retraining = "retraining";

    /// <summary>Kind of a file that holds weights of another tool: they serve every size of images and number of classes.</summary>
    public const string Pretrained = "pre-trained";

    /// <summary>The identity of a run on a set of images.</summary>
    /// <param name="kind">A search or a retraining.</param>
    /// <param name="seed">Seed of all randomness.</param>
    /// <param name="network">The network that is trained.</param>
    /// <param name="set">The images.</param>
    /// <param name="settings">The settings that decide the result.</param>
    /// <param name="weightsPath">The checkpoint with the weights that it begins with; null for fresh ones.</param>
    public static CheckpointIdentity Of(
        string kind, int seed, NetworkDescription network, ImageSet set,
        IReadOnlyDictionary<string, string> settings, string? weightsPath) =>
        new(kind, seed, network.ToJson(), DigestOf(set), weightsPath is null
            ? settings
            : new Dictionary<string, string>(settings) { ["startingWeights"] = CheckpointFile.DigestOf(weightsPath) });

    /// <summary>Number and SHA-256 of images and labels.</summary>
    public static string DigestOf(ImageSet set)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < set.Count; i++)
        {
            hash.AppendData(BitConverter.GetBytes(set.Labels[i]));
            hash.AppendData(set.Images[i]);
        }
        return $"{set.Count} {Convert.ToHexString(hash.GetHashAndReset())}";
    }

    /// <summary>Whether the run trained sub-networks of first channels, so that the order of its channels matters.</summary>
    public bool HasTrainedSubNetworks => Kind == Retraining
        ? Settings.GetValueOrDefault("method") == nameof(RetrainMethod.Slimmable)
        : Settings.ContainsKey(WidthsSetting);

    /// <summary>Whether channels of the network do nothing any more, having been pruned while it was trained.</summary>
    public bool HasPrunedChannels => Settings.ContainsKey(PruningStepsSetting);

    /// <summary>Whether the run kept the running statistics of the unpruned network's batch norms.</summary>
    public bool KeepsStatistics => Kind is Retraining or Pretrained && !HasTrainedSubNetworks;

    /// <summary>Whether both are of one network and one set of images, and their budgets differ.</summary>
    public bool DiffersInBudget(CheckpointIdentity other) => Network == other.Network && Images == other.Images
        && Settings.GetValueOrDefault(BudgetSetting) != other.Settings.GetValueOrDefault(BudgetSetting);

    /// <summary>The first difference as a clause; null when there is none.</summary>
    public string? DifferenceFrom(CheckpointIdentity other)
    {
        if (Kind != other.Kind)
            return $"it is of a {other.Kind}, this is a {Kind}";
        foreach (var name in Settings.Keys.Union(other.Settings.Keys))
            if (Settings.GetValueOrDefault(name) is var here && other.Settings.GetValueOrDefault(name) is var there && here != there)
                return $"there {name} was '{there}', now it is '{here}'";
        if (Seed != other.Seed)
            return $"there the seed was {other.Seed}, now it is {Seed}";
        if (Network != other.Network)
            return $"the network '{NetworkDescription.FromJson(other.Network).Name}' there differs from this one";
        return Images == other.Images
            ? null
            : $"it was trained on other images ({other.Images.Split(' ')[0]} there, {Images.Split(' ')[0]} now)";
    }
}
