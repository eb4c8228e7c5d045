namespace TorchSharp;

/// <summary>A scalar as it crosses to native code: the kind is a ScalarType (Int64, Float64, Bool), or -1 for none.</summary>
internal readonly struct ScalarValue(long bits, long kind)
{
    public readonly long Bits = bits;
    public readonly long Kind = kind;

    public static ScalarValue None => new(0, -1);
    public static ScalarValue One => Of(1L);
    public static ScalarValue Of(long value) => new(value, (long)torch.ScalarType.Int64);
    public static ScalarValue Of(double value) => new(BitConverter.DoubleToInt64Bits(value), (long)torch.ScalarType.Float64);
    public static ScalarValue Of(bool value) => new(value ? 1 : 0, (long)torch.ScalarType.Bool);
}
