using System.Text.RegularExpressions;

namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>Names of tensors as torchvision gives them today.</summary>
internal static partial class StateDictNames
{
    private const string Counter = ".num_batches_tracked";

    // What wraps a network puts its own name in front: DataParallel, torch.compile, Lightning's modules.
    private static readonly string[] Prefixes = ["module.", "_orig_mod.", "model."];

    // torchvision's published DenseNets: norm.1 for norm1.
    [GeneratedRegex(@"^(.*\.denselayer\d+\.(?:norm|relu|conv))\.([12]\.[a-z_]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex OldDenseLayer { get; }

    /// <summary>Number of batches that a batch norm has seen, in PyTorch only.</summary>
    public static string CounterOf(string norm) => norm + Counter;

    /// <summary>The tensors without what wraps their names, and without the counters of batch norms.</summary>
    /// <exception cref="FormatException">Two become one, or they are of a network of the release that is another one here.</exception>
    public static Dictionary<string, StateDictTensor> Clean(IReadOnlyDictionary<string, StateDictTensor> tensors)
    {
        var start = 0;
        while (tensors.Count > 0 && Prefixes.FirstOrDefault(p => tensors.Keys.All(name => name.AsSpan(start).StartsWith(p))) is { } prefix)
            start += prefix.Length;
        var cleaned = new Dictionary<string, StateDictTensor>();
        foreach (var (name, tensor) in tensors)
            if (!name.EndsWith(Counter, StringComparison.Ordinal) && !cleaned.TryAdd(OldDenseLayer.Replace(name[start..], "$1$2"), tensor))
                throw new FormatException($"Tensor '{name}' is there twice, under an older name too.");
        return ReleaseNames.Clean(cleaned);
    }
}
