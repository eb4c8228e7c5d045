using System.Numerics;

namespace Dmcp.Samples.Shared;

/// <summary>Steele, Lea and Flood's SplitMix64: a small random source whose seeds may lie side by side, as image indices do.</summary>
internal sealed class SplitMix64
{
    private ulong _state;

    public SplitMix64(int seed, int stream, int index)
    {
        foreach (var part in (ReadOnlySpan<int>)[seed, stream, index])
        {
            _state = Next() ^ (uint)part;
        }
    }

    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public float Unit() => (Next() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [low, high).</summary>
    public float Between(float low, float high) => low + ((high - low) * Unit());

    /// <summary>An integer from low to high, both included.</summary>
    public int Count(int low, int high) => low + (int)(Unit() * (high - low + 1));

    /// <summary>True with the given probability.</summary>
    public bool Chance(float probability) => Unit() < probability;

    /// <summary>Nearly normal, with mean 0 and standard deviation 1: four uniform numbers added up, each of variance 1/12.</summary>
    public float Bell() => (Unit() + Unit() + Unit() + Unit() - 2f) * 1.7320508f;

    /// <summary>A point of the square of the given half width about the origin.</summary>
    public Vector2 Point(float reach) => new(Between(-reach, reach), Between(-reach, reach));

    /// <summary>A direction, uniform on the circle; by rejection, as sines may differ in their last bit between machines.</summary>
    public Vector2 Direction()
    {
        while (true)
        {
            var point = Point(1f);
            var length = point.Length();
            if (length is > 0.1f and <= 1f)
            {
                return point / length;
            }
        }
    }

    /// <summary>A colour, uniform in the RGB cube [0, 1]³.</summary>
    public Vector3 Colour() => new(Unit(), Unit(), Unit());
}
