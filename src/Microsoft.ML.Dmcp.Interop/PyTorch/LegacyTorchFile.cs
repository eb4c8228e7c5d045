namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>
/// The format of <c>torch.save</c> before PyTorch 1.6, in which some of torchvision's weights are published: pickles of a magic number, a
/// version, the machine, the object and the storages' keys, then every storage with its number of elements.
/// </summary>
internal static class LegacyTorchFile
{
    private const long Version = 1001;

    /// <summary>The magic number as it is pickled.</summary>
    public static ReadOnlySpan<byte> Signature =>
        [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];

    /// <summary>Reads where everything is.</summary>
    /// <param name="stream">The file; the tensors read from it later.</param>
    /// <exception cref="FormatException">It is damaged.</exception>
    public static StateDict Read(FileStream stream)
    {
        var reader = new BinaryReader(stream);
        stream.Position = Signature.Length;
        var pickle = new PickleReader(reader);
        if (pickle.Read() is not Version)
            throw new FormatException($"Its version is not {Version}.");
        if (pickle.Read() is not Dictionary<string, object?> machine || machine.GetValueOrDefault("little_endian") is false)
            throw new FormatException("It was written on a machine that writes high bytes first.");
        var root = pickle.Read();
        if (pickle.Read() is not List<object?> keys)
            throw new FormatException("It does not say where its tensors are.");
        var starts = new Dictionary<PickledStorage, long>();
        foreach (var key in keys)
        {
            if (key is not string name || !pickle.Storages.TryGetValue(name, out var storage) || reader.ReadInt64() != storage.Count)
                throw new FormatException($"The data '{key}' of its tensors is not what the pickle says.");
            starts[storage] = stream.Position;
            if (storage.Bytes > stream.Length - stream.Position)
                throw new FormatException($"It was cut: the data '{key}' of its tensors is not whole.");
            stream.Position += storage.Bytes;
        }
        return StateDict.Of(root, pickle, Read);

        float[] Read(PickledTensor tensor)
        {
            stream.Position = starts.TryGetValue(tensor.Storage, out var start) ? start
                : throw new FormatException($"The data '{tensor.Storage.Key}' of a tensor is missing.");
            return tensor.Read(stream);
        }
    }
}
