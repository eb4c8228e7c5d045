using System.Buffers.Binary;
using Google.Protobuf;
using static Google.Protobuf.WireFormat;

namespace Microsoft.ML.Dmcp.Tests.Training;

/// <summary>Reads event files by their specification, with a CRC-32C of its own, bit by bit.</summary>
internal static class EventReader
{
    /// <summary>The events of the only file of a folder, which may be open for writing.</summary>
    public static List<LoggedEvent> ReadRun(string folder) => Read(Directory.GetFiles(folder).Single());

    public static List<LoggedEvent> Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var events = new List<LoggedEvent>();
        for (var rest = bytes.AsSpan(); !rest.IsEmpty;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(rest);
            Assert.Equal(Masked(rest[..8]), BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]));
            var message = rest.Slice(12, length);
            Assert.Equal(Masked(message), BinaryPrimitives.ReadUInt32LittleEndian(rest[(12 + length)..]));
            events.Add(Event(message.ToArray()));
            rest = rest[(16 + length)..];
        }
        return events;
    }

    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0x82F63B78;
        }
        return ~crc;
    }

    private static uint Masked(ReadOnlySpan<byte> bytes) => unchecked((Checksum(bytes) >> 15 | Checksum(bytes) << 17) + 0xA282EAD8);

    private static LoggedEvent Event(byte[] message)
    {
        var time = 0d;
        var step = 0L;
        string? version = null;
        var scalars = new Dictionary<string, float>();
        var input = new CodedInputStream(message);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
            switch (GetTagFieldNumber(tag), GetTagWireType(tag))
            {
                case (1, WireType.Fixed64):
                    time = input.ReadDouble();
                    break;
                case (2, WireType.Varint):
                    step = input.ReadInt64();
                    break;
                case (3, WireType.LengthDelimited):
                    version = input.ReadString();
                    break;
                case (5, WireType.LengthDelimited):
                    ReadSummary(input.ReadBytes().CreateCodedInput(), scalars);
                    break;
                default:
                    throw new InvalidDataException($"unknown field {tag} of an event");
            }
        return new LoggedEvent(time, step, version, scalars);
    }

    private static void ReadSummary(CodedInputStream input, Dictionary<string, float> scalars)
    {
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            Assert.Equal((1, WireType.LengthDelimited), (GetTagFieldNumber(tag), GetTagWireType(tag)));
            var value = input.ReadBytes().CreateCodedInput();
            Assert.Equal(MakeTag(1, WireType.LengthDelimited), value.ReadTag());
            var name = value.ReadString();
            Assert.Equal(MakeTag(2, WireType.Fixed32), value.ReadTag());
            scalars.Add(name, value.ReadFloat());
            Assert.True(value.IsAtEnd);
        }
    }
}
