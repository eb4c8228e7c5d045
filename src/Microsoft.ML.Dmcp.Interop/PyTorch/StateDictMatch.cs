using Microsoft.ML.Dmcp.Interop.Import;
using Microsoft.ML.Dmcp.Networks.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>Finds the weights of a network in a state dict.</summary>
internal static class StateDictMatch
{
    private const int MostNamed = 3;

    /// <summary>Reads the weights of a network.</summary>
    /// <param name="tensors">The tensors of the file.</param>
    /// <param name="description">The network.</param>
    /// <param name="fresh">The layer whose weights are not the file's; null for none.</param>
    /// <exception cref="FormatException">
    /// Tensors are missing, are of another shape or belong to no layer; the message counts them and names the first ones.
    /// </exception>
    public static Dictionary<string, ImportedWeight> Read(
        IReadOnlyDictionary<string, StateDictTensor> tensors, NetworkDescription description, string? fresh)
    {
        using var network = SlimmableNetwork.Blank(description, CPU);
        var needed = network.state_dict().Where(w => !IsFresh(w.Key)).ToDictionary(w => w.Key, w => w.Value.shape);
        var given = tensors.Where(t => !IsFresh(t.Key)).ToDictionary();
        var differences = string.Join("; ", new[]
        {
            Listed("missing", needed.Where(n => !given.ContainsKey(n.Key)).Select(n => $"{n.Key} {Text(n.Value)}")),
            Listed("of no layer of the network", given.Where(g => !needed.ContainsKey(g.Key)).Select(g => $"{g.Key} {g.Value}")),
            Listed("of another shape", needed.Where(n => given.TryGetValue(n.Key, out var g) && !g.Shape.SequenceEqual(n.Value))
                .Select(n => $"{n.Key} is {given[n.Key]} and should be {Text(n.Value)}")),
        }.OfType<string>());
        return differences.Length == 0
            ? needed.ToDictionary(n => n.Key, n => Weight(n.Key, given[n.Key]))
            : throw new FormatException($"Its tensors do not fit network '{description.Name}': {differences}. " +
                "Give the network that they are of, and images of its size.");

        bool IsFresh(string name) => fresh is not null && name.StartsWith(fresh + ".", StringComparison.Ordinal);
    }

    private static ImportedWeight Weight(string name, StateDictTensor tensor)
    {
        var values = tensor.Values();
        return values.All(float.IsFinite) ? new ImportedWeight(tensor.Shape, () => values)
            : throw new FormatException($"Tensor '{name}' has elements that are not finite numbers.");
    }

    private static string? Listed(string what, IEnumerable<string> tensors)
    {
        var all = tensors.ToArray();
        return all.Length == 0 ? null
            : $"{all.Length} {what} ({string.Join(", ", all.Take(MostNamed))}{(all.Length > MostNamed ? ", ..." : "")})";
    }

    private static string Text(long[] shape) => $"[{string.Join(", ", shape)}]";
}
