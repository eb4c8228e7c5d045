namespace Microsoft.ML.Data;

/// <summary>For each target pixel of one axis, the four source pixels that make it, held within the image, and their weights.</summary>
internal sealed class MitchellTaps
{
    private const int Taps = 4;

    private readonly int[] _indices;
    private readonly float[] _weights;

    /// <summary>The taps of target pixels <paramref name="begin"/> to <paramref name="end"/> where the source's axis is drawn from <paramref name="origin"/> on, <paramref name="length"/> long.</summary>
    public MitchellTaps(int begin, int end, int origin, int length, int sourceLength)
    {
        _indices = new int[(end - begin) * Taps];
        _weights = new float[(end - begin) * Taps];
        for (var target = begin; target < end; target++)
        {
            var position = ((target - origin + 0.5) * sourceLength / length) - 0.5;
            var first = (int)Math.Floor(position) - 1;
            for (var tap = 0; tap < Taps; tap++)
            {
                var at = ((target - begin) * Taps) + tap;
                _indices[at] = Math.Clamp(first + tap, 0, sourceLength - 1);
                _weights[at] = (float)Weight(Math.Abs(position - (first + tap)));
            }
        }
    }

    public ReadOnlySpan<int> Indices(int target) => _indices.AsSpan(target * Taps, Taps);

    public ReadOnlySpan<float> Weights(int target) => _weights.AsSpan(target * Taps, Taps);

    /// <summary>The filter of Mitchell and Netravali (1988) with B = C = 1/3.</summary>
    private static double Weight(double distance) => distance switch
    {
        < 1 => ((7 * distance * distance * distance) - (12 * distance * distance) + (16.0 / 3)) / 6,
        < 2 => ((-7.0 / 3 * distance * distance * distance) + (12 * distance * distance) - (20 * distance) + (32.0 / 3)) / 6,
        _ => 0,
    };
}
