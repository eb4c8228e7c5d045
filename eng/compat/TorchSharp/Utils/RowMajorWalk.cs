namespace TorchSharp.Utils;

/// <summary>The places in memory of a strided tensor's elements, one after the other in row-major order.</summary>
internal sealed class RowMajorWalk
{
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly long[] _at;
    private long _offset;

    public RowMajorWalk(long[] shape, long[] strides, long start)
    {
        _shape = shape;
        _strides = strides;
        _at = new long[shape.Length];
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            start = Math.DivRem(start, shape[i], out _at[i]);
            _offset += _at[i] * strides[i];
        }
    }

    public long Next()
    {
        var here = _offset;
        for (var i = _shape.Length - 1; i >= 0; i--)
        {
            _offset += _strides[i];
            if (++_at[i] < _shape[i])
                break;
            _offset -= _at[i] * _strides[i];
            _at[i] = 0;
        }
        return here;
    }
}
