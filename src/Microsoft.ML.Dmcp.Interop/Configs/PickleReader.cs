using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Dmcp.Interop.Configs;

/// <summary>
/// Reads a pickle of texts, integers, tuples, lists, dicts and NumPy's integers and arrays of one object. Any other opcode, and any other
/// class or function, is refused by its place; none is ever called. What it makes is never larger than the bytes that say so.
/// </summary>
internal sealed class PickleReader
{
    // Stands on the stack where a list of operands begins.
    private static readonly object Mark = new();
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly byte[] _bytes;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _at;
    private int _opcodeAt;

    private PickleReader(byte[] bytes, int start) => (_bytes, _at) = (bytes, start);

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
        return _stack.Count == 1 ? Pop() : throw Wrong($"it ends with {_stack.Count} objects in place of one");
    }

    private void Do(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Frame:
                _ = Take(8);
                break;
            case PickleOpcode.Mark:
                _stack.Add(Mark);
                break;
            case PickleOpcode.None:
                _stack.Add(null);
                break;
            case PickleOpcode.NewTrue or PickleOpcode.NewFalse:
                _stack.Add(opcode == PickleOpcode.NewTrue);
                break;
            case PickleOpcode.BinInt:
                _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                break;
            case PickleOpcode.BinInt1:
                _stack.Add((long)Byte());
                break;
            case PickleOpcode.BinInt2:
                _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
                break;
            case PickleOpcode.Long1:
                _stack.Add(Long(Take(Byte())));
                break;
            case PickleOpcode.ShortBinUnicode:
                _stack.Add(Text(Take(Byte())));
                break;
            case PickleOpcode.BinUnicode:
                _stack.Add(Text(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))));
                break;
            case PickleOpcode.ShortBinBytes:
                _stack.Add(Take(Byte()).ToArray());
                break;
            case PickleOpcode.EmptyTuple:
                _stack.Add(Array.Empty<object?>());
                break;
            case PickleOpcode.Tuple:
                _stack.Add(PopToMark());
                break;
            case PickleOpcode.Tuple1 or PickleOpcode.Tuple2 or PickleOpcode.Tuple3:
                _stack.Add(Pop(opcode - PickleOpcode.Tuple1 + 1));
                break;
            case PickleOpcode.EmptyList:
                _stack.Add(new List<object?>());
                break;
            case PickleOpcode.Append or PickleOpcode.Appends:
                var items = opcode == PickleOpcode.Append ? Pop(1) : PopToMark();
                Top<List<object?>>("list").AddRange(items);
                break;
            case PickleOpcode.EmptyDict:
                _stack.Add(new Dictionary<string, object?>());
                break;
            case PickleOpcode.SetItem or PickleOpcode.SetItems:
                var entries = opcode == PickleOpcode.SetItem ? Pop(2) : PopToMark();
                SetItems(Top<Dictionary<string, object?>>("dict"), entries);
                break;
            case PickleOpcode.Global:
                _stack.Add(Global(Line(), Line()));
                break;
            case PickleOpcode.StackGlobal:
                _stack.Add(Pop(2) is [string module, string name] ? Global(module, name) : throw Wrong("a class or function has no name"));
                break;
            case PickleOpcode.Reduce:
                var call = Pop(2);
                _stack.Add(Call(call[0], call[1]));
                break;
            case PickleOpcode.Build:
                var state = Pop();
                Build(Top<object>("object"), state);
                break;
            case PickleOpcode.BinPut:
                _memo[Byte()] = Peek();
                break;
            case PickleOpcode.LongBinPut:
                _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Peek();
                break;
            case PickleOpcode.Memoize:
                _memo[_memo.Count] = Peek();
                break;
            case PickleOpcode.BinGet:
                _stack.Add(Remembered(Byte()));
                break;
            case PickleOpcode.LongBinGet:
                _stack.Add(Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
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

    private object? Remembered(long number) =>
        _memo.TryGetValue(number, out var value) ? value : throw Wrong($"nothing was remembered under {number}");

    private T Top<T>(string what) where T : class => Peek() as T ?? throw Wrong($"there is no {what} to change");

    private object? Peek() => _stack.Count > 0 && _stack[^1] != Mark ? _stack[^1] : throw Wrong("an operand is missing");

    private object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] Pop(int count)
    {
        var values = new object?[count];
        for (var i = count - 1; i >= 0; i--)
            values[i] = Pop();
        return values;
    }

    private object?[] PopToMark()
    {
        var mark = _stack.LastIndexOf(Mark);
        if (mark < 0)
            throw Wrong("a list of operands has no beginning");
        var values = _stack[(mark + 1)..].ToArray();
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }

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
        var value = bytes.Length > 0 && (sbyte)bytes[^1] < 0 ? -1L : 0L;
        for (var i = bytes.Length - 1; i >= 0; i--)
            value = (value << 8) | bytes[i];
        return value;
    }

    private FormatException Wrong(string why) => new(FormattableString.Invariant($"Its pickle cannot be read at byte {_opcodeAt}: {why}."));

    private static string Shortened(string text) => text.Length > 80 ? text[..80] + "..." : text;
}
