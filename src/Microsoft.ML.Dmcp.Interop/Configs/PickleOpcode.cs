namespace Microsoft.ML.Dmcp.Interop.Configs;

/// <summary>The opcodes of Python's pickle protocols 2 to 5 that a dict of numbers needs, by Python's names.</summary>
internal enum PickleOpcode : byte
{
    /// <summary>Protocol: one byte.</summary>
    Proto = 0x80,

    /// <summary>A frame begins: eight bytes with its length.</summary>
    Frame = 0x95,

    /// <summary>The end.</summary>
    Stop = (byte)'.',

    /// <summary>Beginning of a list of operands.</summary>
    Mark = (byte)'(',

    /// <summary>None.</summary>
    None = (byte)'N',

    /// <summary>True.</summary>
    NewTrue = 0x88,

    /// <summary>False.</summary>
    NewFalse = 0x89,

    /// <summary>Four bytes with a sign.</summary>
    BinInt = (byte)'J',

    /// <summary>One byte.</summary>
    BinInt1 = (byte)'K',

    /// <summary>Two bytes without a sign.</summary>
    BinInt2 = (byte)'M',

    /// <summary>An integer of as many bytes as the first says.</summary>
    Long1 = 0x8a,

    /// <summary>A text of at most 255 bytes.</summary>
    ShortBinUnicode = 0x8c,

    /// <summary>A text.</summary>
    BinUnicode = (byte)'X',

    /// <summary>At most 255 bytes.</summary>
    ShortBinBytes = (byte)'C',

    /// <summary>The empty tuple.</summary>
    EmptyTuple = (byte)')',

    /// <summary>A tuple of all behind the mark.</summary>
    Tuple = (byte)'t',

    /// <summary>A tuple of one.</summary>
    Tuple1 = 0x85,

    /// <summary>A tuple of two.</summary>
    Tuple2 = 0x86,

    /// <summary>A tuple of three.</summary>
    Tuple3 = 0x87,

    /// <summary>The empty list.</summary>
    EmptyList = (byte)']',

    /// <summary>Appends one.</summary>
    Append = (byte)'a',

    /// <summary>Appends all behind the mark.</summary>
    Appends = (byte)'e',

    /// <summary>The empty dict.</summary>
    EmptyDict = (byte)'}',

    /// <summary>Sets one entry.</summary>
    SetItem = (byte)'s',

    /// <summary>Sets all entries behind the mark.</summary>
    SetItems = (byte)'u',

    /// <summary>Names a class or function: two lines.</summary>
    Global = (byte)'c',

    /// <summary>Names a class or function: two texts of the stack.</summary>
    StackGlobal = 0x93,

    /// <summary>Calls it.</summary>
    Reduce = (byte)'R',

    /// <summary>Gives an object its state.</summary>
    Build = (byte)'b',

    /// <summary>Remembers the top under a number of one byte.</summary>
    BinPut = (byte)'q',

    /// <summary>Remembers the top under a number of four bytes.</summary>
    LongBinPut = (byte)'r',

    /// <summary>Remembers the top under the next number.</summary>
    Memoize = 0x94,

    /// <summary>What was remembered under a number of one byte.</summary>
    BinGet = (byte)'h',

    /// <summary>What was remembered under a number of four bytes.</summary>
    LongBinGet = (byte)'j',
}
