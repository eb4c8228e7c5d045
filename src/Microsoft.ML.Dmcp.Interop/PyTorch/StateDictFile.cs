using System.Text.Json;

namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>A file with a state dict, open: <c>torch.save</c>'s, new or old, or safetensors, whatever its name ends in.</summary>
internal sealed class StateDictFile : IDisposable
{
    private const int LongestReason = 2000;

    private readonly FileStream _stream;

    private StateDictFile(FileStream stream)
    {
        _stream = stream;
        Span<byte> begin = stackalloc byte[LegacyTorchFile.Signature.Length];
        begin = begin[..stream.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false)];
        var state = begin.StartsWith(TorchArchive.Signature) ? TorchArchive.Read(stream)
            : begin.StartsWith(LegacyTorchFile.Signature) ? LegacyTorchFile.Read(stream)
            : SafetensorsFile.Read(stream);
        Tensors = StateDictNames.Clean(state.Tensors);
        NotCalled = state.NotCalled;
    }

    /// <summary>The tensors by the names that torchvision gives them, without the counters of batch norms.</summary>
    public IReadOnlyDictionary<string, StateDictTensor> Tensors { get; }

    /// <summary>Functions of Python that the file asked to call, and that were not called.</summary>
    public IReadOnlyCollection<string> NotCalled { get; }

    /// <summary>Opens a file and reads where its tensors are.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="FormatException">It is damaged or of another format. Other exceptions of parsers say the same.</exception>
    public static StateDictFile Open(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        var stream = File.OpenRead(path);
        try
        {
            return new StateDictFile(stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Makes something of a file, which is closed afterwards.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">What is made of it.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="FormatException">It is damaged, of another format, or not what is needed; the message names it.</exception>
    public static T Import<T>(string path, Func<StateDictFile, T> read)
    {
        try
        {
            using var file = Open(path);
            return read(file);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException or InvalidDataException
            or EndOfStreamException or JsonException)
        {
            // Names in a file may be of any length.
            var reason = e.Message.Length <= LongestReason ? e.Message : e.Message[..LongestReason] + "...";
            throw new FormatException($"State dict '{path}' cannot be imported: {reason}", e);
        }
    }

    /// <summary>Closes it: no tensor can be read any more.</summary>
    public void Dispose() => _stream.Dispose();
}
