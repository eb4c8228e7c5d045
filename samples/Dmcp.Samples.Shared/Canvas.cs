using System.Numerics;

namespace Dmcp.Samples.Shared;

/// <summary>A square image in the making: colours in [0, 1]³ over the plane [-1, 1]², y upwards.</summary>
internal sealed class Canvas(int size)
{
    private readonly Vector3[] _colours = new Vector3[size * size];

    /// <summary>The width of a pixel on the plane.</summary>
    private readonly float _pixel = 2f / size;

    /// <summary>The colour at the given share of the way between two.</summary>
    /// <remarks>Written out, as Vector3.Lerp rounds in another way on machines with a fused multiply-add.</remarks>
    public static Vector3 Blend(Vector3 from, Vector3 to, float share) => from + ((to - from) * share);

    /// <summary>Blends one colour into another from edge to edge, along the given unit vector.</summary>
    public void Shade(Vector3 from, Vector3 to, Vector2 along)
    {
        for (var i = 0; i < _colours.Length; i++)
        {
            _colours[i] = Blend(from, to, 0.5f + (0.5f * Vector2.Dot(Centre(i), along)));
        }
    }

    /// <summary>Paints a shape; a pixel that the edge crosses gets the colour by the share covered.</summary>
    public void Paint(SignedDistance shape, Vector3 colour)
    {
        for (var i = 0; i < _colours.Length; i++)
        {
            var covered = Math.Clamp(0.5f - (shape(Centre(i)) / _pixel), 0f, 1f);
            _colours[i] = Blend(_colours[i], colour, covered);
        }
    }

    /// <summary>Adds noise to every pixel and channel on its own.</summary>
    public void Speckle(SplitMix64 random, float deviation)
    {
        foreach (ref var colour in _colours.AsSpan())
        {
            colour += deviation * new Vector3(random.Bell(), random.Bell(), random.Bell());
        }
    }

    /// <summary>The image as bytes, red, green, blue, row by row from the top.</summary>
    public byte[] ToPixels()
    {
        var pixels = new byte[_colours.Length * 3];
        for (var i = 0; i < _colours.Length; i++)
        {
            var colour = Vector3.Clamp(_colours[i], Vector3.Zero, Vector3.One) * 255f;
            pixels[3 * i] = (byte)(colour.X + 0.5f);
            pixels[(3 * i) + 1] = (byte)(colour.Y + 0.5f);
            pixels[(3 * i) + 2] = (byte)(colour.Z + 0.5f);
        }

        return pixels;
    }

    private Vector2 Centre(int i) => new((((i % size) + 0.5f) * _pixel) - 1f, 1f - (((i / size) + 0.5f) * _pixel));
}
