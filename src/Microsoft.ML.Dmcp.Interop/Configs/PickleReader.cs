using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.Dmcp.Interop.Pickles;

namespace Microsoft.ML.Dmcp.Interop.Configs;

/// <summary>
/// Reads a pickle of texts, integers, tuples, lists, dicts and NumPy's integers and arrays of one object. Any other opcode, and any other
/// class or function, is refused by its place; none is ever called. What it makes is never larger than the bytes that say so.
/// </summary>
internal sealed class PickleReader
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly byte[] _bytes;
    private readonly PickleStack _stack;
    private int _at;
    private int _opcodeAt;

    private PickleReader(byte[] bytes, int start)
    {
        (_bytes, _at) = (bytes, start);
        _stack = new PickleStack(Wrong);
    }

    /// <summary>The object: null, bool, long, string, byte[], object[] for a tuple, List, Dictionary, or one of NumPy.</summary>
    /// <param name="bytes">A file.</param>
    /// <param name="start">Where the pickle begins; it ends with the file.</param>
    /// <exception cref="FormatException">It is damaged, or has something else in it; the message says where.</exception>
    public static object? Read(byte[] bytes, int start) => new PickleReader(bytes, start).Run();

    private object? Run()
    {
        var opcode = Next();
        var protocol = opcode == PickleOpcode.Proto ? Byte() : 0;
        if (protocol is < 2 or > 5)
            throw Wrong("it does not begin with protocol 2, 3, 4 or 5");
        while ((opcode = Next()) != PickleOpcode.Stop)
            Do(opcode);
        if (_at != _bytes.Length)
            throw Wrong($"{_bytes.Length - _at} bytes follow its end");
        return _stack.Count == 1 ? _stack.Pop() : throw Wrong($"it ends with {_stack.Count} objects in place of one");
    }

    private void Do(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Frame:
                _ = Take(8);
                break;
            case PickleOpcode.Mark:
                _stack.PushMark();
                break;
            case PickleOpcode.None:
                _stack.Push(null);
                break;
            case PickleOpcode.NewTrue or PickleOpcode.NewFalse:
                _stack.Push(opcode == PickleOpcode.NewTrue);
                break;
            case PickleOpcode.BinInt:
                _stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                break;
            case PickleOpcode.BinInt1:
                _stack.Push((long)Byte());
                break;
            case PickleOpcode.BinInt2:
                _stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
                break;
            case PickleOpcode.Long1:
                _stack.Push(Long(Take(Byte())));
                break;
            case PickleOpcode.ShortBinUnicode:
                _stack.Push(Text(Take(Byte())));
                break;
            case PickleOpcode.BinUnicode:
                _stack.Push(Text(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))));
                break;
            case PickleOpcode.ShortBinBytes:
                _stack.Push(Take(Byte()).ToArray());
                break;
            case PickleOpcode.EmptyTuple:
                _stack.Push(Array.Empty<object?>());
                break;
            case PickleOpcode.Tuple:
                _stack.Push(_stack.PopToMark());
                break;
            case PickleOpcode.Tuple1 or PickleOpcode.Tuple2 or PickleOpcode.Tuple3:
                _stack.Push(_stack.Pop(opcode - PickleOpcode.Tuple1 + 1));
                break;
            case PickleOpcode.EmptyList:
                _stack.Push(new List<object?>());
                break;
            case PickleOpcode.Append or PickleOpcode.Appends:
                var items = opcode == PickleOpcode.Append ? _stack.Pop(1) : _stack.PopToMark();
                Top<List<object?>>("list").AddRange(items);
                break;
            case PickleOpcode.EmptyDict:
                _stack.Push(new Dictionary<string, object?>());
                break;
            case PickleOpcode.SetItem or PickleOpcode.SetItems:
                var entries = opcode == PickleOpcode.SetItem ? _stack.Pop(2) : _stack.PopToMark();
                SetItems(Top<Dictionary<string, object?>>("dict"), entries);
                break;
            case PickleOpcode.Global:
                _stack.Push(Global(Line(), Line()));
                break;
            case PickleOpcode.StackGlobal:
                _stack.Push(_stack.Pop(2) is [string module, string name]
                    ? Global(module, name) : throw Wrong("a class or function has no name"));
                break;
            case PickleOpcode.Reduce:
                var call = _stack.Pop(2);
                _stack.Push(Call(call[0], call[1]));
                break;
            case PickleOpcode.Build:
                var state = _stack.Pop();
                Build(Top<object>("object"), state);
                break;
            case PickleOpcode.BinPut:
                _stack.Remember(Byte());
                break;
            case PickleOpcode.LongBinPut:
                _stack.Remember(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)));
                break;
            case PickleOpcode.Memoize:
                _stack.Remember();
                break;
            case PickleOpcode.BinGet:
                _stack.Push(_stack.Remembered(Byte()));
                break;
            case PickleOpcode.LongBinGet:
                _stack.Push(_stack.Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                break;
            default:
                throw Wrong(FormattableString.Invariant($"opcode 0x{(byte)opcode:x2} is none of a saved dict of integers"));
        }
    }

    private object Call(object? callable, object? arguments) => (callable, arguments) switch
    {
        (PickleGlobal { Name: PickleGlobal.Reconstruct },
            object?[] and [PickleGlobal { Name: PickleGlobal.Array }, object?[] and [0L], _]) => new NumpyArray(),
        (PickleGlobal { Name: PickleGlobal.Type }, object?[] and [string code, false or 0L, true or 1L]) => new NumpyType(code),
        (PickleGlobal { Name: PickleGlobal.Scalar }, object?[] and [NumpyType type, byte[] bytes]) =>
            type.Integer(bytes) ?? throw Wrong("a number of NumPy is no integer, or too large"),
        (PickleGlobal { Name: PickleGlobal.Encode }, object?[] and [string text, "latin1"]) when text.Length <= byte.MaxValue =>
            Encoding.Latin1.GetBytes(text),
        (PickleGlobal global, _) => throw Wrong($"{global.Name} is called with other arguments than those of a saved dict"),
        _ => throw Wrong("it calls what is no function"),
    };

    private void Build(object target, object? state)
    {
        switch (target, state)
        {
            case (NumpyType type, object?[] and [3L, "|" or "<" or ">" or "=", null, null, null, -1L, -1L, long] and [_, var order, ..]):
                type.IsBigEndian = order is ">";
                break;
            case (NumpyArray array,
                object?[] and [1L, object?[] and [], NumpyType { IsObject: true }, false or 0L, List<object?> and [var item]]):
                array.Item = item;
                break;
            default:
                throw Wrong("an object gets another state than that of a saved dict: " +
                    "needed is an array of one object without dimensions, or an integer");
        }
    }

    private void SetItems(Dictionary<string, object?> dict, object?[] entries)
    {
        if (entries.Length % 2 != 0)
            throw Wrong("an entry of a dict has no value");
        for (var i = 0; i < entries.Length; i += 2)
            dict[entries[i] as string ?? throw Wrong("a key of a dict is no text")] = entries[i + 1];
    }

    private PickleGlobal Global(string module, string name) => PickleGlobal.Find(module, name) ??
        throw Wrong($"it names '{Shortened($"{module}.{name}")}', which no saved dict of integers needs and which is not run");

    private T Top<T>(string what) where T : class => _stack.Top as T ?? throw Wrong($"there is no {what} to change");

    private PickleOpcode Next()
    {
        _opcodeAt = _at;
        return (PickleOpcode)Byte();
    }

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(uint length)
    {
        if (length > _bytes.Length - _at)
            throw Wrong($"it ends in the middle: {length} bytes are needed, {_bytes.Length - _at} are left");
        var bytes = _bytes.AsSpan(_at, (int)length);
        _at += (int)length;
        return bytes;
    }

    private string Line()
    {
        var length = _bytes.AsSpan(_at).IndexOf((byte)'\n');
        var line = Text(Take((uint)(length >= 0 ? length : _bytes.Length)));
        _ = Take(1);
        return line;
    }

    private string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Wrong("a text is not UTF-8");
        }
    }

    private long Long(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 8)
            throw Wrong($"an integer has {bytes.Length} bytes");
        return PickleStack.Integer(bytes);
    }

    private FormatException Wrong(string why) => new(FormattableString.Invariant($"Its pickle cannot be read at byte {_opcodeAt}: {why}."));

    private static string Shortened(string text) => text.Length > 80 ? text[..80] + "..." : text;
}
