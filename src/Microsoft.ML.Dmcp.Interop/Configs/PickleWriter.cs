using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Dmcp.Interop.Configs;

/// <summary>
/// Writes a dict as <c>numpy.save</c> does, which pickles an array of one object: protocol 3, which every Python 3 reads, with the names of
/// NumPy 1, which NumPy 2 still knows.
/// </summary>
internal sealed class PickleWriter
{
    private readonly MemoryStream _stream = new();

    private PickleWriter()
    {
    }

    /// <summary>The pickle.</summary>
    /// <param name="dict">Values are integers of 32 bits, tuples of them, or such dicts.</param>
    public static byte[] Write(Dictionary<string, object?> dict)
    {
        var writer = new PickleWriter();
        writer.Do(PickleOpcode.Proto);
        writer._stream.WriteByte(3);
        writer.BeginArray();
        writer.Do(PickleOpcode.EmptyList);
        writer.Value(dict);
        writer.Do(PickleOpcode.Append, PickleOpcode.Tuple, PickleOpcode.Build, PickleOpcode.Stop);
        return writer._stream.ToArray();
    }

    // _reconstruct(ndarray, (0,), b'b'), and its state up to the list of its objects: (1, (), dtype('O'), False, [...]).
    private void BeginArray()
    {
        Global("numpy.core.multiarray", "_reconstruct");
        Global("numpy", "ndarray");
        Value(0L);
        Do(PickleOpcode.Tuple1);
        Do(PickleOpcode.ShortBinBytes);
        _stream.Write([1, (byte)'b']);
        Do(PickleOpcode.Tuple3, PickleOpcode.Reduce, PickleOpcode.Mark);
        Value(1L);
        Do(PickleOpcode.EmptyTuple);
        Global("numpy", "dtype");
        Value("O8");
        Do(PickleOpcode.NewFalse, PickleOpcode.NewTrue, PickleOpcode.Tuple3, PickleOpcode.Reduce, PickleOpcode.Mark);
        Value(3L);
        Value("|");
        Do(PickleOpcode.None, PickleOpcode.None, PickleOpcode.None);
        Value(-1L);
        Value(-1L);
        Value(63L);
        Do(PickleOpcode.Tuple, PickleOpcode.Build, PickleOpcode.NewFalse);
    }

    private void Value(object? value)
    {
        switch (value)
        {
            case long number:
                Do(PickleOpcode.BinInt);
                Int(checked((int)number));
                break;
            case string text:
                Do(PickleOpcode.BinUnicode);
                var bytes = Encoding.UTF8.GetBytes(text);
                Int(bytes.Length);
                _stream.Write(bytes);
                break;
            case object?[] tuple:
                Do(PickleOpcode.Mark);
                foreach (var item in tuple)
                    Value(item);
                Do(PickleOpcode.Tuple);
                break;
            case Dictionary<string, object?> dict:
                Do(PickleOpcode.EmptyDict, PickleOpcode.Mark);
                foreach (var (key, item) in dict)
                {
                    Value(key);
                    Value(item);
                }
                Do(PickleOpcode.SetItems);
                break;
            default:
                throw new ArgumentException($"{value?.GetType().Name ?? "null"} is not written into a pickle.", nameof(value));
        }
    }

    private void Global(string module, string name)
    {
        Do(PickleOpcode.Global);
        _stream.Write(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));
    }

    private void Do(params ReadOnlySpan<PickleOpcode> opcodes)
    {
        foreach (var opcode in opcodes)
            _stream.WriteByte((byte)opcode);
    }

    private void Int(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _stream.Write(bytes);
    }
}
