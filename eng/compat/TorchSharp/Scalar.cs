namespace TorchSharp;

/// <summary>A dynamically typed scalar. Here it holds its value itself: nothing native stands behind it.</summary>
public sealed class Scalar : IDisposable
{
    private readonly ScalarValue _value;
    private bool _disposed;

    internal Scalar(ScalarValue value) => _value = value;

    internal ScalarValue Value => _disposed ? throw new InvalidOperationException("Scalar invalid -- empty handle.") : _value;

    public torch.ScalarType Type => (torch.ScalarType)Value.Kind;

    public void Dispose() => _disposed = true;

    internal double AsDouble => Type == torch.ScalarType.Float64 ? BitConverter.Int64BitsToDouble(Value.Bits) : Value.Bits;
    internal long AsInt64 => Type == torch.ScalarType.Float64 ? (long)BitConverter.Int64BitsToDouble(Value.Bits) : Value.Bits;

    public static implicit operator Scalar(byte value) => value.ToScalar();
    public static implicit operator Scalar(sbyte value) => value.ToScalar();
    public static implicit operator Scalar(short value) => value.ToScalar();
    public static implicit operator Scalar(int value) => value.ToScalar();
    public static implicit operator Scalar(long value) => value.ToScalar();
    public static implicit operator Scalar(Half value) => value.ToScalar();
    public static implicit operator Scalar(float value) => value.ToScalar();
    public static implicit operator Scalar(double value) => value.ToScalar();
    public static implicit operator Scalar(bool value) => value.ToScalar();
}
