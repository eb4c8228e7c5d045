using System.Text;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>A .npy file by hand, as an attacker writes it.</summary>
internal static class PickleFile
{
    private const string Saved = "{'descr': '|O', 'fortran_order': False, 'shape': (), }";

    /// <summary>The header that NumPy gives a dict.</summary>
    public static byte[] Header => HeaderOf(Saved);

    /// <summary>A header with another text.</summary>
    public static byte[] HeaderOf(string text, byte version = 1) =>
        [0x93, .. "NUMPY"u8, version, 0, 118, 0, .. Encoding.ASCII.GetBytes(text.PadRight(117) + "\n")];

    /// <summary>A pickle, protocol 3, of an array of the one object that the opcodes make.</summary>
    public static byte[] Array(byte[] opcodes) =>
    [
        0x80, 3, .. "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0"u8, 0x85, .. "C\u0001b"u8, 0x87,
        .. "R(K\u0001)cnumpy\ndtype\n"u8,
        .. "X\u0002\0\0\0O8"u8, 0x89, 0x88, 0x87, .. "R(K\u0003X\u0001\0\0\0|NNNJ"u8, 255, 255, 255, 255, (byte)'J', 255, 255, 255, 255,
        .. "K?tb"u8, 0x89, (byte)']', .. opcodes, .. "atb."u8,
    ];

    /// <summary>A text of the pickle.</summary>
    public static byte[] Text(string text) => [(byte)'X', (byte)text.Length, 0, 0, 0, .. Encoding.ASCII.GetBytes(text)];
}
