using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Images;

namespace Microsoft.ML.Dmcp.AutoML.Data;

/// <summary>Goes through images in memory: column 0 is the class, column 1 the pixels.</summary>
/// <param name="set">The images.</param>
/// <param name="vector">How a vector holds an image.</param>
/// <param name="schema">The two columns.</param>
internal sealed class ImageSetCursor(ImageSet set, VectorImage vector, DataViewSchema schema) : DataViewRowCursor
{
    private long _position = -1;
    private bool _isOver;

    public override DataViewSchema Schema => schema;

    public override long Position => _position;

    public override long Batch => 0;

    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    public override bool MoveNext()
    {
        // Who asks again after the last row gets no row either.
        _isOver |= _position + 1 >= set.Count;
        _position = _isOver ? -1 : _position + 1;
        return !_isOver;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Delegate getter = column.Index == 0 ? (ValueGetter<uint>)((ref uint key) => key = (uint)set.Labels[(int)_position] + 1)
            : set.Shape.IsFloat ? PixelGetter<float>() : PixelGetter<byte>();
        return getter as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"Column '{column.Name}' has values of another type than {typeof(TValue).Name}.");
    }

    private ValueGetter<VBuffer<T>> PixelGetter<T>() where T : unmanaged => (ref VBuffer<T> pixels) =>
    {
        var source = MemoryMarshal.Cast<byte, T>(set.Images[(int)_position]);
        var editor = VBufferEditor.Create(ref pixels, source.Length);
        if (vector.Layout == PixelLayout.Interleaved)
            source.CopyTo(editor.Values);
        else
            ToPlanes(source, editor.Values, set.Shape.Channels);
        pixels = editor.Commit();
    };

    private static void ToPlanes<T>(ReadOnlySpan<T> interleaved, Span<T> planes, int channels)
    {
        var pixels = interleaved.Length / channels;
        for (var p = 0; p < pixels; p++)
            for (var c = 0; c < channels; c++)
                planes[c * pixels + p] = interleaved[p * channels + c];
    }
}
