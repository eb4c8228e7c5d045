namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>What a file holds.</summary>
/// <param name="Tensors">The tensors by name.</param>
/// <param name="NotCalled">Functions of Python that the file asked to call, and that were not called.</param>
internal sealed record StateDict(IReadOnlyDictionary<string, StateDictTensor> Tensors, IReadOnlyCollection<string> NotCalled)
{
    /// <summary>The state dict of a pickle.</summary>
    /// <param name="root">The object of the pickle.</param>
    /// <param name="pickle">How it was read.</param>
    /// <param name="read">Reads the elements of a tensor.</param>
    public static StateDict Of(object? root, PickleReader pickle, Func<PickledTensor, float[]> read) => new(
        PickledStateDict.Of(root).ToDictionary(e => e.Key, e => new StateDictTensor(e.Value.Shape, () => read(e.Value))),
        pickle.NotCalled);
}
