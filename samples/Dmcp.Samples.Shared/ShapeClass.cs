using SkiaSharp;

namespace Dmcp.Samples.Shared;

/// <summary>One class of the data set: its name, and its shape on the plane [-1, 1]², y upwards, before it is placed.</summary>
internal sealed record ShapeClass(string Name, SKPath Outline)
{
    public static IReadOnlyList<ShapeClass> All { get; } =
    [
        new("arrow", Polygon((0, 1), (0.75f, 0.1f), (0.28f, 0.1f), (0.28f, -1), (-0.28f, -1), (-0.28f, 0.1f), (-0.75f, 0.1f))),
        new("crescent", Disc(0, 0, 0.95f).Op(Disc(0.45f, 0, 0.75f), SKPathOp.Difference)),
        new("cross", Box(0.3f, 0.95f).Op(Box(0.95f, 0.3f), SKPathOp.Union)),
        new("diamond", Polygon((0, 1), (0.6f, 0), (0, -1), (-0.6f, 0))),
        new("disc", Disc(0, 0, 0.85f)),
        new("drop", Disc(0, -0.35f, 0.6f).Op(Polygon((0, 1), (0.54f, -0.083f), (-0.54f, -0.083f)), SKPathOp.Union)),
        new("half-disc", Disc(0, -0.4f, 0.95f).Op(Polygon((-1, -0.4f), (1, -0.4f), (1, -2), (-1, -2)), SKPathOp.Difference)),
        new("heart", Disc(-0.4f, 0.3f, 0.53f).Op(Disc(0.4f, 0.3f, 0.53f), SKPathOp.Union)
            .Op(Polygon((0, -0.95f), (0.8f, 0), (0, 0.6f), (-0.8f, 0)), SKPathOp.Union)),
        new("pentagon", Star(0.95f, 0.95f * 0.809017f)),
        new("square", Box(0.75f, 0.75f)),
        new("star", Star(1, 0.45f)),
        new("triangle", Polygon((0, 0.95f), (0.87f, -0.6f), (-0.87f, -0.6f))),
    ];

    private static SKPath Disc(float x, float y, float radius)
    {
        var path = new SKPath();
        path.AddCircle(x, y, radius);
        return path;
    }

    private static SKPath Box(float halfWidth, float halfHeight)
    {
        var path = new SKPath();
        path.AddRect(new SKRect(-halfWidth, -halfHeight, halfWidth, halfHeight));
        return path;
    }

    private static SKPath Polygon(params (float X, float Y)[] corners)
    {
        var path = new SKPath();
        path.AddPoly(corners.Select(c => new SKPoint(c.X, c.Y)).ToArray());
        return path;
    }

    /// <summary>Five points at one radius, the first on top, and five notches between them at another.</summary>
    private static SKPath Star(float points, float notches) => Polygon(Enumerable.Range(0, 10).Select(i =>
    {
        var (sine, cosine) = MathF.SinCos(i * MathF.PI / 5);
        return (sine * (i % 2 == 0 ? points : notches), cosine * (i % 2 == 0 ? points : notches));
    }).ToArray());
}
