using System.IO.Compression;

namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>The format of <c>torch.save</c> since PyTorch 1.6: a zip archive of a pickle and of one file a storage.</summary>
internal static class TorchArchive
{
    private const string Pickle = "data.pkl";
    private const long LargestDirectory = 8 << 20;
    private const int EndLength = 22, LongestComment = ushort.MaxValue, MostCompressed = 64;
    private const long AnyCompression = 1 << 20;

    /// <summary>How every zip archive begins.</summary>
    public static ReadOnlySpan<byte> Signature => "PK\x3\x4"u8;

    /// <summary>Reads where everything is.</summary>
    /// <param name="stream">The file; the tensors read from it later.</param>
    /// <exception cref="FormatException">It is damaged.</exception>
    /// <exception cref="InvalidDataException">It is no zip archive.</exception>
    public static StateDict Read(FileStream stream)
    {
        RequireSmallDirectory(stream);
        // Read only, over a stream of the caller's: nothing of it has to be disposed.
        var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        var entries = new Dictionary<string, ZipArchiveEntry>();
        foreach (var entry in archive.Entries)
            if (!entries.TryAdd(entry.FullName, entry))
                throw new FormatException($"Its archive has two files '{entry.FullName}'.");
        var pickled = entries.Values.Where(e => e.Name == Pickle).ToArray();
        if (pickled.Length != 1)
            throw new FormatException($"Its archive has {pickled.Length} files '{Pickle}'; torch.save writes one.");
        var root = pickled[0].FullName[..^Pickle.Length];
        if (entries.TryGetValue(root + "byteorder", out var order) && Bytes(order).AsSpan().SequenceEqual("big"u8))
            throw new FormatException("It was written on a machine that writes high bytes first.");
        var pickle = new PickleReader(new BinaryReader(new MemoryStream(Bytes(pickled[0]))));
        return StateDict.Of(pickle.Read(), pickle, Read);

        float[] Read(PickledTensor tensor)
        {
            var storage = tensor.Storage;
            if (!entries.TryGetValue($"{root}data/{storage.Key}", out var entry))
                throw new FormatException($"The data '{storage.Key}' of a tensor is missing in its archive.");
            if (entry.Length != storage.Bytes)
                throw new FormatException(FormattableString.Invariant(
                    $"The data '{storage.Key}' of a tensor has {entry.Length} bytes; the pickle says {storage.Bytes}."));
            RequirePlausible(entry);
            using var data = entry.Open();
            return tensor.Read(data);
        }
    }

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        if (entry.Length > PickleReader.MostBytes)
            throw new FormatException(FormattableString.Invariant(
                $"Its '{entry.Name}' has {entry.Length} bytes; at most {PickleReader.MostBytes} are read."));
        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Weights are noise and hardly get smaller: what gets much larger is a trap.</summary>
    private static void RequirePlausible(ZipArchiveEntry entry)
    {
        if (entry.Length > AnyCompression && entry.Length / MostCompressed > entry.CompressedLength)
            throw new FormatException(FormattableString.Invariant(
                $"Its '{entry.FullName}' has {entry.Length} bytes in {entry.CompressedLength}: no weights are so small."));
    }

    /// <summary>The list of files becomes objects all at once, however long it is: it has to begin near the end of the file.</summary>
    private static void RequireSmallDirectory(FileStream stream)
    {
        var tail = new byte[Math.Min(stream.Length, EndLength + LongestComment)];
        stream.Position = stream.Length - tail.Length;
        stream.ReadExactly(tail);
        var end = tail.AsSpan().LastIndexOf("PK\x5\x6"u8);
        if (end < 0 || end > tail.Length - EndLength)
            throw new FormatException("Its archive was cut.");
        // Where numbers do not fit into 32 bits, another record in front says them.
        long start = BitConverter.ToUInt32(tail, end + 16);
        if (end >= 20 && tail.AsSpan(end - 20, 4).SequenceEqual("PK\x6\x7"u8))
            start = Math.Min(start, LongStart(stream, BitConverter.ToInt64(tail, end - 12)));
        if (start < stream.Length - LargestDirectory - tail.Length)
            throw new FormatException($"Its archive's list of files is longer than {LargestDirectory} bytes.");
    }

    private static long LongStart(FileStream stream, long record)
    {
        var bytes = new byte[56];
        if (record < 0 || record > stream.Length - bytes.Length)
            throw new FormatException("Its archive is damaged.");
        stream.Position = record;
        stream.ReadExactly(bytes);
        return BitConverter.ToInt64(bytes, 48);
    }
}
