using System.Numerics;
using static Dmcp.Samples.Shared.Shapes;

namespace Dmcp.Samples.Shared;

/// <summary>One class of the data set: its name, and its shape before it is placed in an image.</summary>
internal sealed record ShapeClass(string Name, SignedDistance Outline)
{
    public static IReadOnlyList<ShapeClass> All { get; } =
    [
        new("arrow", Polygon(P(0f, 1f), P(0.75f, 0.1f), P(0.28f, 0.1f), P(0.28f, -1f), P(-0.28f, -1f), P(-0.28f, 0.1f), P(-0.75f, 0.1f))),
        new("crescent", Disc(P(0f, 0f), 0.95f).Without(Disc(P(0.45f, 0f), 0.75f))),
        new("cross", Union(Box(0.3f, 0.95f), Box(0.95f, 0.3f))),
        new("diamond", Polygon(P(0f, 1f), P(0.6f, 0f), P(0f, -1f), P(-0.6f, 0f))),
        new("disc", Disc(P(0f, 0f), 0.85f)),
        new("drop", Union(Disc(P(0f, -0.35f), 0.6f), Polygon(P(0f, 1f), P(0.54f, -0.083f), P(-0.54f, -0.083f)))),
        new("half-disc", Disc(P(0f, -0.4f), 0.95f).Without(Below(-0.4f))),
        new("heart", Union(
            Disc(P(-0.4f, 0.3f), 0.53f),
            Disc(P(0.4f, 0.3f), 0.53f),
            Polygon(P(0f, -0.95f), P(0.8f, 0f), P(0f, 0.6f), P(-0.8f, 0f)))),
        new("pentagon", Star(0.95f, 0.95f * 0.809017f)),
        new("square", Box(0.75f, 0.75f)),
        new("star", Star(1f, 0.45f)),
        new("triangle", Polygon(P(0f, 0.95f), P(0.87f, -0.6f), P(-0.87f, -0.6f))),
    ];

    private static Vector2 P(float x, float y) => new(x, y);

    private static SignedDistance Box(float halfWidth, float halfHeight) =>
        Polygon(P(halfWidth, halfHeight), P(halfWidth, -halfHeight), P(-halfWidth, -halfHeight), P(-halfWidth, halfHeight));
}
