using System.Numerics;

namespace Dmcp.Samples.Shared;

/// <summary>Signed distance functions: the primitives, and what makes new shapes of given ones.</summary>
internal static class Shapes
{
    public static SignedDistance Disc(Vector2 centre, float radius) => point => Vector2.Distance(point, centre) - radius;

    public static SignedDistance Below(float height) => point => point.Y - height;

    /// <summary>A straight stroke with round ends.</summary>
    public static SignedDistance Stroke(Vector2 from, Vector2 to, float halfWidth) =>
        point => ToSegment(point, from, to).Length() - halfWidth;

    /// <summary>Any polygon: the distance to the nearest edge; inside if a ray to the right crosses an odd number of edges.</summary>
    public static SignedDistance Polygon(params Vector2[] corners) => point =>
    {
        var nearest = float.MaxValue;
        var inside = false;
        var from = corners[^1];
        foreach (var to in corners)
        {
            nearest = MathF.Min(nearest, ToSegment(point, from, to).LengthSquared());
            if (from.Y > point.Y != to.Y > point.Y && point.X < from.X + ((to.X - from.X) * (point.Y - from.Y) / (to.Y - from.Y)))
            {
                inside = !inside;
            }

            from = to;
        }

        return inside ? -MathF.Sqrt(nearest) : MathF.Sqrt(nearest);
    };

    /// <summary>Five points at one radius, the first on top, and five notches between them at another.</summary>
    public static SignedDistance Star(float points, float notches)
    {
        var tenthOfTurn = new Vector2(0.809017f, 0.587785252f);
        var corners = new Vector2[10];
        var heading = Vector2.UnitY;
        for (var i = 0; i < corners.Length; i++)
        {
            corners[i] = heading * (i % 2 == 0 ? points : notches);
            heading = Turn(heading, tenthOfTurn);
        }

        return Polygon(corners);
    }

    public static SignedDistance Union(params SignedDistance[] parts) => point =>
    {
        var nearest = float.MaxValue;
        foreach (var part in parts)
        {
            nearest = MathF.Min(nearest, part(point));
        }

        return nearest;
    };

    public static SignedDistance Without(this SignedDistance shape, SignedDistance other) => point => MathF.Max(shape(point), -other(point));

    /// <summary>The line along the edge, drawn inside it.</summary>
    public static SignedDistance Contour(this SignedDistance shape, float width) =>
        point => MathF.Abs(shape(point) + (width / 2f)) - (width / 2f);

    /// <summary>Stretches along x and shrinks as much along y, turns the x axis to a heading, scales and moves.</summary>
    public static SignedDistance Placed(this SignedDistance shape, Vector2 centre, Vector2 heading, float scale, float stretch)
    {
        var back = new Vector2(heading.X, -heading.Y);
        var unstretch = new Vector2(1f / stretch, stretch) / scale;
        return point => shape(Turn(point - centre, back) * unstretch) * scale;
    }

    /// <summary>The product of two complex numbers: turns a vector by the angle of a unit vector.</summary>
    private static Vector2 Turn(Vector2 vector, Vector2 by) =>
        new((vector.X * by.X) - (vector.Y * by.Y), (vector.X * by.Y) + (vector.Y * by.X));

    /// <summary>The vector to the point from the nearest point of the segment.</summary>
    private static Vector2 ToSegment(Vector2 point, Vector2 from, Vector2 to)
    {
        var along = to - from;
        var share = Math.Clamp(Vector2.Dot(point - from, along) / along.LengthSquared(), 0f, 1f);
        return point - from - (along * share);
    }
}
