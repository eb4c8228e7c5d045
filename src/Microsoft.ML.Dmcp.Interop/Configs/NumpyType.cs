namespace Microsoft.ML.Dmcp.Interop.Configs;

/// <summary>A type of elements of NumPy: objects or integers.</summary>
/// <param name="code">Its code, such as <c>i8</c>: kind and bytes.</param>
internal sealed class NumpyType(string code)
{
    /// <summary>Whether elements are Python objects.</summary>
    public bool IsObject => code == "O8";

    /// <summary>Whether bytes are stored from high to low.</summary>
    public bool IsBigEndian { get; set; }

    private int Size => code is "i1" or "u1" or "i2" or "u2" or "i4" or "u4" or "i8" or "u8" ? code[1] - '0' : 0;

    /// <summary>The integer of an element's bytes; null where they are none of this type, or it is too large for a width.</summary>
    public long? Integer(byte[] bytes)
    {
        if (Size == 0 || bytes.Length != Size)
            return null;
        var value = 0L;
        foreach (var part in IsBigEndian ? bytes : bytes.AsEnumerable().Reverse())
            value = (value << 8) | part;
        var unused = 64 - 8 * Size;
        if (code[0] == 'i')
            return value << unused >> unused;
        return value >= 0 ? value : null;
    }
}
