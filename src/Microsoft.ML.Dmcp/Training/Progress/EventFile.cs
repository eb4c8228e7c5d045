using System.Buffers.Binary;
using Google.Protobuf;
using Tensorboard;

namespace Microsoft.ML.Dmcp.Training.Progress;

/// <summary>
/// An event file of TensorBoard: TFRecords, each the length of its message (uint64), the masked CRC-32C of that, the message and the masked
/// CRC-32C of the message, all little-endian. The messages are TorchSharp's. Its SummaryWriter (0.107) is not used: it opens the file for
/// every scalar and writes a record in pieces, so that a reader or a full disk meets half of one; its times are whole seconds, and that of
/// a file's first event counts ticks (6.4e17 in place of 1.8e9).
/// </summary>
internal sealed class EventFile : IDisposable
{
    private const int Length = sizeof(ulong), Checksum = sizeof(uint);

    // Without a buffer of its own: what is written is the system's at once, and whole.
    private readonly FileStream _stream;

    private EventFile(string path)
    {
        _stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        Write(new Event { FileVersion = "brain.Event:2" });
    }

    /// <summary>
    /// A new file in a folder, which is made if missing. TensorBoard reads the files of a folder in the order of their names: that of
    /// their times.
    /// </summary>
    public static EventFile Create(string folder)
    {
        Directory.CreateDirectory(folder);
        var seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        for (var number = 0; ; number++)
        {
            var writer = $"{Environment.MachineName}.{Environment.ProcessId}";
            var path = Path.Combine(folder, FormattableString.Invariant($"events.out.tfevents.{seconds}.{writer}.{number}"));
            if (!File.Exists(path))
                return new EventFile(path);
        }
    }

    /// <summary>Appends one event, of this moment.</summary>
    public void Write(Event message)
    {
        message.WallTime = (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
        var content = message.ToByteArray();
        var record = new byte[Length + Checksum + content.Length + Checksum];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(Length), Crc32C.Masked(record.AsSpan(0, Length)));
        content.CopyTo(record, Length + Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(record.Length - Checksum), Crc32C.Masked(content));
        _stream.Write(record);
    }

    public void Dispose() => _stream.Dispose();
}
