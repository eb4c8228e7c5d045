namespace Microsoft.ML.Dmcp.Interop.Pickles;

/// <summary>What every reader of Python's pickles works on: a stack with marks, and what was remembered by number.</summary>
/// <param name="wrong">Makes the exception of a damaged pickle; gets the reason as a clause.</param>
internal sealed class PickleStack(Func<string, FormatException> wrong)
{
    // Stands on the stack where a list of operands begins.
    private static readonly object Mark = new();

    private readonly List<object?> _items = [];
    private readonly Dictionary<long, object?> _memo = [];

    /// <summary>How many objects and marks are on it.</summary>
    public int Count => _items.Count;

    /// <summary>The object on top.</summary>
    public object? Top => _items.Count > 0 && !ReferenceEquals(_items[^1], Mark) ? _items[^1] : throw wrong("an operand is missing");

    public void Clear()
    {
        _items.Clear();
        _memo.Clear();
    }

    public void Push(object? value) => _items.Add(value);

    /// <summary>Begins a list of operands.</summary>
    public void PushMark() => _items.Add(Mark);

    public object? Pop()
    {
        var top = Top;
        _items.RemoveAt(_items.Count - 1);
        return top;
    }

    /// <summary>The top objects, the lowest first.</summary>
    public object?[] Pop(int count)
    {
        var values = new object?[count];
        for (var i = count - 1; i >= 0; i--)
            values[i] = Pop();
        return values;
    }

    /// <summary>All objects above the last mark, which goes too.</summary>
    public object?[] PopToMark()
    {
        var mark = _items.FindLastIndex(item => ReferenceEquals(item, Mark));
        if (mark < 0)
            throw wrong("a list of operands has no beginning");
        var values = _items[(mark + 1)..].ToArray();
        _items.RemoveRange(mark, _items.Count - mark);
        return values;
    }

    /// <summary>Remembers the top under a number.</summary>
    public void Remember(long number) => _memo[number] = Top;

    /// <summary>Remembers the top under the next number.</summary>
    public void Remember() => _memo[_memo.Count] = Top;

    /// <summary>What was remembered under a number.</summary>
    public object? Remembered(long number) =>
        _memo.TryGetValue(number, out var value) ? value
            : throw wrong(FormattableString.Invariant($"nothing was remembered under {number}"));

    /// <summary>An integer of up to eight bytes, the lowest first, the highest with the sign.</summary>
    public static long Integer(ReadOnlySpan<byte> bytes)
    {
        var value = bytes.Length > 0 && (sbyte)bytes[^1] < 0 ? -1L : 0L;
        for (var i = bytes.Length - 1; i >= 0; i--)
            value = (value << 8) | bytes[i];
        return value;
    }
}
