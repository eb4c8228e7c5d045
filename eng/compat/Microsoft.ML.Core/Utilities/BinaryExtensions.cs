namespace Microsoft.ML.Internal.Utilities;

/// <summary>What model files hold besides the primitive types; in the real assembly part of the far larger class Utils.</summary>
internal static partial class Utils
{
    public static long FpCur(this BinaryWriter writer) => writer.BaseStream.Position;

    public static long FpCur(this BinaryReader reader) => reader.BaseStream.Position;

    public static void Seek(this BinaryWriter writer, long fp) => writer.BaseStream.Position = fp;

    public static void Seek(this BinaryReader reader, long fp) => reader.BaseStream.Position = fp;

    public static void WriteBoolByte(this BinaryWriter writer, bool x) => writer.Write((byte)(x ? 1 : 0));

    public static bool ReadBoolByte(this BinaryReader reader)
    {
        var value = reader.ReadByte();
        Runtime.Contracts.CheckDecode(value <= 1);
        return value != 0;
    }

    public static float ReadFloat(this BinaryReader reader) => reader.ReadSingle();
}
