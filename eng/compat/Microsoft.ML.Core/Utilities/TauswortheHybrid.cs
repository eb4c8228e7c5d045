using System.Numerics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The generator of ML.NET: three Tausworthe steps and one linear congruential step, combined (GPU Gems 3, chapter 37).</summary>
internal sealed class TauswortheHybrid : Random
{
    private uint _z1;
    private uint _z2;
    private uint _z3;
    private uint _z4;

    public TauswortheHybrid(State state)
    {
        (_z1, _z2, _z3, _z4) = (state.U1, state.U2, state.U3, state.U4);
    }

    public TauswortheHybrid(Random rng)
    {
        _z1 = Draw(rng, 128);
        _z2 = Draw(rng, 128);
        _z3 = Draw(rng, 128);
        _z4 = Draw(rng, 0);
    }

    public override float NextSingle() => (NextUInt32() >> 9) * (1f / (1 << 23));

    public override double NextDouble() => NextUInt32() * (1.0 / (1L << 32));

    public override int Next()
    {
        var u = NextUInt32();
        return (int)(u + (u & 0x80000000U));
    }

    public override int Next(int maxValue)
    {
        Contracts.CheckParam(maxValue >= 0, nameof(maxValue), "maxValue must be non-negative");
        return (int)((NextUInt32() * (ulong)maxValue) >> 32);
    }

    public override int Next(int minValue, int maxValue)
    {
        Contracts.CheckParam(minValue <= maxValue, nameof(minValue), "minValue must be less than or equal to maxValue.");
        return (int)((long)(NextDouble() * ((long)maxValue - minValue)) + minValue);
    }

    public override void NextBytes(byte[] buffer)
    {
        Contracts.CheckValue(buffer, nameof(buffer));
        for (var i = 0; i < buffer.Length; i++)
        {
            buffer[i] = (byte)Next();
        }
    }

    private static uint Draw(Random rng, uint atLeast)
    {
        uint u;
        do
        {
            u = ((uint)rng.Next(0x10000) << 16) | (uint)rng.Next(0x10000);
        }
        while (u < atLeast);
        return u;
    }

    private static uint Step(uint z, int s1, int s2, int s3, uint mask) => ((z & mask) << s3) ^ (((z << s1) ^ z) >> s2);

    private uint NextUInt32()
    {
        _z1 = Step(_z1, 13, 19, 12, ~0x1U);
        _z2 = Step(_z2, 2, 25, 4, ~0x7U);
        _z3 = Step(_z3, 3, 11, 17, ~0xfU);
        _z4 = (1664525 * _z4) + 1013904223;
        return _z1 ^ _z2 ^ _z3 ^ _z4;
    }

    /// <summary>The four words of the generator; from a seed, each is hashed with it (the body of MurmurHash3).</summary>
    public readonly struct State
    {
        public readonly uint U1;
        public readonly uint U2;
        public readonly uint U3;
        public readonly uint U4;

        public State(uint seed)
        {
            U1 = seed;
            U2 = Murmur(U1, U1);
            U3 = Murmur(U2, U1);
            U4 = Murmur(U3, U1);
        }

        private static uint Murmur(uint hash, uint chunk)
        {
            chunk = BitOperations.RotateLeft(chunk * 0xCC9E2D51, 15) * 0x1B873593;
            return (BitOperations.RotateLeft(hash ^ chunk, 13) * 5) + 0xE6546B64;
        }
    }
}
