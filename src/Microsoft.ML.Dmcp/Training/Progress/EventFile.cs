using System.Buffers.Binary;

namespace Microsoft.ML.Dmcp.Training.Progress;

/// <summary>
/// An event file of TensorBoard: TFRecords, each the length of its message (uint64), the masked CRC-32C of that, the message and the masked
/// CRC-32C of the message, all little-endian.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private const int Length = sizeof(ulong), Checksum = sizeof(uint);

    // Without a buffer of its own: what is written is the system's at once, and whole.
    private readonly FileStream _stream;

    private EventFile(string path)
    {
        _stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        Write(EventMessage.FileVersion(DateTime.UtcNow));
    }

    /// <summary>
    /// A new file in a folder, which is made if missing. TensorBoard reads the files of a folder in the order of their names: that of their
    /// times.
    /// </summary>
    public static EventFile Create(string folder)
    {
        Directory.CreateDirectory(folder);
        var seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        for (var number = 0; ; number++)
        {
            var path = Path.Combine(folder, FormattableString.Invariant($"events.out.tfevents.{seconds}.{Environment.MachineName}.{Environment.ProcessId}.{number}"));
            if (!File.Exists(path))
                return new EventFile(path);
        }
    }

    /// <summary>Appends one event.</summary>
    public void Write(ReadOnlySpan<byte> message)
    {
        var record = new byte[Length + Checksum + message.Length + Checksum];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(Length), Crc32C.Masked(record.AsSpan(0, Length)));
        message.CopyTo(record.AsSpan(Length + Checksum));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(record.Length - Checksum), Crc32C.Masked(message));
        _stream.Write(record);
    }

    public void Dispose() => _stream.Dispose();
}
