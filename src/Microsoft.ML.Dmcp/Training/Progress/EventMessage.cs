using Google.Protobuf;
using static Google.Protobuf.WireFormat;

namespace Microsoft.ML.Dmcp.Training.Progress;

/// <summary>The messages of TensorFlow's event.proto and summary.proto that curves need: Event, Summary and Summary.Value.</summary>
internal static class EventMessage
{
    private const int WallTime = 1, Step = 2, Version = 3, Summary = 5; // of Event
    private const int Value = 1;                                        // of Summary
    private const int Tag = 1, SimpleValue = 2;                         // of Summary.Value

    /// <summary>The event that a file begins with.</summary>
    public static byte[] FileVersion(DateTime time) => Message(output =>
    {
        WriteTime(output, time);
        output.WriteTag(Version, WireType.LengthDelimited);
        output.WriteString("brain.Event:2");
    });

    /// <summary>Values of one moment.</summary>
    public static byte[] Scalars(DateTime time, long step, IEnumerable<(string Tag, double Value)> scalars) => Message(output =>
    {
        WriteTime(output, time);
        output.WriteTag(Step, WireType.Varint);
        output.WriteInt64(step);
        WriteMessage(output, Summary, summary =>
        {
            foreach (var (tag, value) in scalars)
                WriteMessage(summary, Value, scalar =>
                {
                    scalar.WriteTag(Tag, WireType.LengthDelimited);
                    scalar.WriteString(tag);
                    scalar.WriteTag(SimpleValue, WireType.Fixed32);
                    scalar.WriteFloat((float)value);
                });
        });
    });

    private static void WriteTime(CodedOutputStream output, DateTime time)
    {
        output.WriteTag(WallTime, WireType.Fixed64);
        output.WriteDouble((time - DateTime.UnixEpoch).TotalSeconds);
    }

    private static void WriteMessage(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        output.WriteTag(field, WireType.LengthDelimited);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(Message(write)));
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
            write(output);
        return stream.ToArray();
    }
}
