namespace TorchSharp;

public static partial class torch
{
    /// <summary>Element types, numbered as in libtorch. The complex and quantized ones are not part of the stand-in.</summary>
    public enum ScalarType : sbyte
    {
        Byte = 0,
        Int8 = 1,
        Int16 = 2,
        Int32 = 3,
        Int64 = 4,
        Float16 = 5,
        Float32 = 6,
        Float64 = 7,
        Bool = 11,
        BFloat16 = 15,
    }
}
