using System.Numerics;

namespace Dmcp.Samples.Shared;

/// <summary>A shape, as the distance of a point to its edge, negative inside; y points upwards.</summary>
internal delegate float SignedDistance(Vector2 point);
