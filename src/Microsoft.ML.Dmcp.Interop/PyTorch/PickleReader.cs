using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.Dmcp.Interop.Pickles;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>
/// Reads the pickles that <c>torch.save</c> writes, as data. A pickle is a program that may call any function of Python; here tensors and
/// ordered dictionaries are made, and every other call leaves a <see cref="PickledObject"/> behind: no code of a file is ever run.
/// Numbers are long and double, tuples arrays, lists and sets <see cref="List{T}"/>, and dictionaries keep their keys that are texts.
/// </summary>
/// <param name="reader">Where the pickle is; may go on behind it.</param>
internal sealed class PickleReader(BinaryReader reader)
{
    /// <summary>Length of a pickle, at most: the elements of tensors lie elsewhere.</summary>
    public const int MostBytes = 4 << 20;

    private readonly PickleStack _stack = new(_ => DamagedAt(reader));

    /// <summary>The storages that tensors lie in, by key.</summary>
    public Dictionary<string, PickledStorage> Storages { get; } = [];

    /// <summary>What the pickle asked to call and was not called.</summary>
    public SortedSet<string> NotCalled { get; } = new(StringComparer.Ordinal);

    /// <summary>The object of the pickle.</summary>
    /// <exception cref="FormatException">It is damaged, too long, or has parts that <c>torch.save</c> does not write.</exception>
    /// <exception cref="EndOfStreamException">It was cut.</exception>
    public object? Read()
    {
        var start = reader.BaseStream.Position;
        _stack.Clear();
        for (var code = reader.ReadByte(); code != '.'; code = reader.ReadByte())
        {
            Run(code);
            if (reader.BaseStream.Position - start > MostBytes)
                throw new FormatException($"Its pickle is longer than {MostBytes} bytes.");
        }
        return _stack.Pop();
    }

    private void Run(byte code)
    {
        switch (code)
        {
            case 0x80: // PROTO
                reader.ReadByte();
                break;
            case 0x95: // FRAME
                reader.ReadInt64();
                break;
            case (byte)'(':
                _stack.PushMark();
                break;
            case (byte)'0':
                _stack.Pop();
                break;
            case (byte)'1':
                _stack.PopToMark();
                break;
            case (byte)'2':
                _stack.Push(_stack.Top);
                break;
            case (byte)'q': // BINPUT
                _stack.Remember(reader.ReadByte());
                break;
            case (byte)'r': // LONG_BINPUT
                _stack.Remember(reader.ReadUInt32());
                break;
            case 0x94: // MEMOIZE
                _stack.Remember();
                break;
            case (byte)'a': // APPEND
                Append([_stack.Pop()]);
                break;
            case (byte)'e' or 0x90: // APPENDS, ADDITEMS
                Append(_stack.PopToMark());
                break;
            case (byte)'s': // SETITEM
                Set(_stack.Pop(2));
                break;
            case (byte)'u': // SETITEMS
                Set(_stack.PopToMark());
                break;
            case (byte)'b': // BUILD: the state of an object; that of a dictionary is none of its entries.
                _stack.Pop();
                break;
            default:
                _stack.Push(Value(code));
                break;
        }
    }

    /// <summary>The value that an instruction makes.</summary>
    private object? Value(byte code)
    {
        switch (code)
        {
            case (byte)'N':
                return null;
            case 0x88 or 0x89:
                return code == 0x88;
            case (byte)'K':
                return (long)reader.ReadByte();
            case (byte)'M':
                return (long)reader.ReadUInt16();
            case (byte)'J':
                return (long)reader.ReadInt32();
            case 0x8a: // LONG1
                return Integer(reader.ReadByte());
            case (byte)'G': // BINFLOAT
                return BinaryPrimitives.ReadDoubleBigEndian(Bytes(8));
            case (byte)'X' or (byte)'T': // BINUNICODE, BINSTRING
                return Text(reader.ReadUInt32());
            case 0x8c or (byte)'U': // SHORT_BINUNICODE, SHORT_BINSTRING
                return Text(reader.ReadByte());
            case (byte)'B': // BINBYTES
                return Bytes(reader.ReadUInt32());
            case (byte)'C': // SHORT_BINBYTES
                return Bytes(reader.ReadByte());
            case (byte)')':
                return Array.Empty<object?>();
            case 0x85 or 0x86 or 0x87: // TUPLE1, TUPLE2, TUPLE3
                return _stack.Pop(code - 0x84);
            case (byte)'t': // TUPLE
                return _stack.PopToMark();
            case (byte)']' or 0x8f: // EMPTY_LIST, EMPTY_SET
                return new List<object?>();
            case 0x91: // FROZENSET
                return new List<object?>(_stack.PopToMark());
            case (byte)'}':
                return new Dictionary<string, object?>();
            case (byte)'c': // GLOBAL
                return new PickledGlobal(Line(), Line());
            case 0x93: // STACK_GLOBAL
                return _stack.Pop(2) is [string module, string name]
                    ? new PickledGlobal(module, name)
                    : throw Damaged();
            case (byte)'R' or 0x81: // REDUCE, NEWOBJ
                var arguments = _stack.Pop() as object?[] ?? throw Damaged();
                return Call(_stack.Pop(), arguments);
            case (byte)'Q': // BINPERSID
                return StorageOf(_stack.Pop());
            case (byte)'h': // BINGET
                return _stack.Remembered(reader.ReadByte());
            case (byte)'j': // LONG_BINGET
                return _stack.Remembered(reader.ReadUInt32());
            default:
                throw new FormatException(FormattableString.Invariant(
                    $"Its pickle has the instruction 0x{code:x2} at byte {reader.BaseStream.Position - 1}, ") +
                    "which torch.save does not write.");
        }
    }

    /// <summary>What a call makes, where it is one of those that make tensors and dictionaries.</summary>
    private object? Call(object? function, object?[] arguments)
    {
        switch (function, arguments)
        {
            case (PickledGlobal { Module: "collections", Name: "OrderedDict" }, _):
                return new Dictionary<string, object?>();
            case (PickledGlobal { Module: "torch._utils", Name: "_rebuild_tensor" or "_rebuild_tensor_v2" }, _):
                return PickledTensor.Of(arguments);
            case (PickledGlobal { Module: "torch._utils", Name: "_rebuild_parameter" }, [PickledTensor tensor, ..]):
                return tensor;
            case (PickledGlobal called, _):
                NotCalled.Add(called.ToString());
                return new PickledObject(called);
            default:
                return function is PickledObject ? function : throw Damaged();
        }
    }

    private PickledStorage StorageOf(object? id)
    {
        var storage = PickledStorage.Of(id);
        return Storages.TryAdd(storage.Key, storage) || Storages[storage.Key] == storage ? storage
            : throw new FormatException($"The data '{storage.Key}' of its tensors is described twice, and differently.");
    }

    private void Append(object?[] items)
    {
        // Python also appends to objects of classes that are not made here.
        if (_stack.Top is List<object?> list)
            list.AddRange(items);
        else if (_stack.Top is not PickledObject)
            throw Damaged();
    }

    private void Set(object?[] items)
    {
        if (items.Length % 2 != 0)
            throw Damaged();
        if (_stack.Top is Dictionary<string, object?> dictionary)
        {
            for (var i = 0; i < items.Length; i += 2)
                if (items[i] is string key)
                    dictionary[key] = items[i + 1];
        }
        else if (_stack.Top is not PickledObject)
            throw Damaged();
    }

    private object Integer(int length)
    {
        var bytes = Bytes(length);
        return length > sizeof(long) ? bytes : PickleStack.Integer(bytes);
    }

    private string Text(long length) => Encoding.UTF8.GetString(Bytes(length));

    private string Line()
    {
        var text = new StringBuilder();
        for (var letter = reader.ReadByte(); letter != '\n'; letter = reader.ReadByte())
            text.Append(text.Length < 256 ? (char)letter : throw Damaged());
        return text.ToString();
    }

    private byte[] Bytes(long length)
    {
        if (length > Math.Min(MostBytes, reader.Remaining()))
            throw Damaged();
        var bytes = reader.ReadBytes((int)length);
        return bytes.Length == length ? bytes : throw Damaged();
    }

    private FormatException Damaged() => DamagedAt(reader);

    private static FormatException DamagedAt(BinaryReader reader) =>
        new(FormattableString.Invariant($"Its pickle is damaged at byte {reader.BaseStream.Position - 1}."));
}
