using System.Numerics;

namespace Dmcp.Samples.Shared;

/// <summary>Composes an image: a dark shaded background, clutter, the light shape, strokes across it, noise.</summary>
/// <remarks>
/// The numbers here set how hard the data set is. Each image draws its own size, clutter and noise, from easy to hard: easy ones
/// start the training off, hard ones tell a wide network from a narrow one. How light the clutter may be matters most.
/// </remarks>
internal static class Scene
{
    private const float PixelWidth = 2f / DrawnShapes.Size;

    public static Canvas Draw(SignedDistance outline, SplitMix64 random)
    {
        var canvas = new Canvas(DrawnShapes.Size);
        var back = random.Colour() * 0.45f;
        var shade = Canvas.Blend(back, random.Colour(), 0.35f);
        var fore = Vector3.One - (random.Colour() * 0.45f);

        canvas.Shade(back, shade, random.Direction());
        for (var n = random.Count(0, 5); n > 0; n--)
        {
            canvas.Paint(random.Chance(0.5f) ? Blob(random) : Stroke(random), ClutterColour(random));
        }

        canvas.Paint(Place(random, outline), fore);
        for (var n = random.Count(0, 2); n > 0; n--)
        {
            canvas.Paint(Stroke(random), ClutterColour(random));
        }

        canvas.Speckle(random, deviation: random.Between(0f, 0.12f));
        return canvas;
    }

    /// <summary>Filled or as a contour, anywhere that leaves it whole, turned at will.</summary>
    private static SignedDistance Place(SplitMix64 random, SignedDistance outline)
    {
        var scale = random.Between(0.35f, 0.75f);
        var centre = random.Point(0.95f - scale);
        var stretch = random.Between(0.87f, 1.15f);
        var shape = random.Chance(0.5f) ? outline : outline.Contour(random.Between(1.2f, 2.2f) * PixelWidth / scale);
        return shape.Placed(centre, random.Direction(), scale, stretch);
    }

    private static SignedDistance Blob(SplitMix64 random) => Shapes.Disc(random.Point(1f), random.Between(0.08f, 0.25f));

    private static SignedDistance Stroke(SplitMix64 random)
    {
        var middle = random.Point(0.9f);
        var reach = random.Direction() * random.Between(0.15f, 0.6f);
        return Shapes.Stroke(middle - reach, middle + reach, random.Between(0.5f, 1.2f) * PixelWidth);
    }

    private static Vector3 ClutterColour(SplitMix64 random) => random.Colour() * 0.9f;
}
