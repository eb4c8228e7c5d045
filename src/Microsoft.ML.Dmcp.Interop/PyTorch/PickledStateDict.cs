namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>The state dict in what a file of <c>torch.save</c> holds.</summary>
internal static class PickledStateDict
{
    // Names that training scripts give it in their checkpoints: Lightning and others, PyTorch's tutorials, torchvision's scripts.
    private static readonly string[] Wrappers = ["state_dict", "model_state_dict", "model"];

    /// <summary>The tensors of the state dict: that of a checkpoint, or the whole object.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static Dictionary<string, PickledTensor> Of(object? root)
    {
        if (root is PickledObject { Type: var type })
            throw new FormatException($"It holds an object of {type}, not a state dict. In Python: torch.save(model.state_dict(), ...).");
        if (root is not Dictionary<string, object?> dictionary)
            throw new FormatException("It holds no dictionary of tensors. In Python: torch.save(model.state_dict(), ...).");
        var tensors = TensorsOf(dictionary);
        foreach (var wrapper in Wrappers)
            if (tensors.Count == 0 && dictionary.GetValueOrDefault(wrapper) is Dictionary<string, object?> wrapped)
                tensors = TensorsOf(wrapped);
        return tensors.Count > 0 ? tensors
            : throw new FormatException($"It holds no tensors by name, but {Listed(dictionary.Keys.Take(5))}; " +
                $"a state dict is looked for in the whole and in {Listed(Wrappers)}.");
    }

    private static string Listed(IEnumerable<string> keys) => string.Join(", ", keys.Select(key => $"'{key}'").DefaultIfEmpty("nothing"));

    private static Dictionary<string, PickledTensor> TensorsOf(Dictionary<string, object?> dictionary) =>
        dictionary.Where(e => e.Value is PickledTensor).ToDictionary(e => e.Key, e => (PickledTensor)e.Value!);
}
