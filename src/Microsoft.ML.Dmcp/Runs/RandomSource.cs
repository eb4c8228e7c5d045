namespace Microsoft.ML.Dmcp.Runs;

/// <summary>
/// The one source of randomness of a run: xoshiro256** (Blackman and Vigna 2018), seeded by SplitMix64. Unlike
/// <see cref="Random"/> its state can be written into a checkpoint, and its numbers are the same in every version of .NET.
/// </summary>
internal sealed class RandomSource : IRunState
{
    private readonly ulong[] _state = new ulong[4];

    public RandomSource(long seed)
    {
        var x = (ulong)seed;
        for (var i = 0; i < 4; i++)
        {
            x += 0x9E3779B97F4A7C15;
            var z = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            _state[i] = z ^ (z >> 31);
        }
    }

    /// <summary>
    /// A source of its own for one purpose: it follows from this one's state, shares no numbers with it, and leaves it as it is.
    /// </summary>
    /// <param name="purpose">What it is for.</param>
    public RandomSource Fork(string purpose)
    {
        // FNV-1a of the name, over the state.
        var hash = 0xCBF29CE484222325 ^ _state[0] ^ ulong.RotateLeft(_state[2], 32);
        foreach (var letter in purpose)
            hash = (hash ^ letter) * 0x100000001B3;
        return new RandomSource((long)hash);
    }

    /// <summary>A source that will give the same numbers.</summary>
    public RandomSource Clone()
    {
        var clone = new RandomSource(0);
        clone.CopyFrom(this);
        return clone;
    }

    /// <summary>Takes the state of another source over.</summary>
    public void CopyFrom(RandomSource other) => other._state.CopyTo(_state, 0);

    /// <summary>Writes the state.</summary>
    public void Save(BinaryWriter writer)
    {
        foreach (var word in _state)
            writer.Write(word);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(BinaryReader reader)
    {
        for (var i = 0; i < _state.Length; i++)
            _state[i] = reader.ReadUInt64();
    }

    /// <summary>Uniform over all 64-bit numbers.</summary>
    public ulong NextUInt64()
    {
        var result = ulong.RotateLeft(_state[1] * 5, 7) * 9;
        var t = _state[1] << 17;
        _state[2] ^= _state[0];
        _state[3] ^= _state[1];
        _state[1] ^= _state[2];
        _state[0] ^= _state[3];
        _state[2] ^= t;
        _state[3] = ulong.RotateLeft(_state[3], 45);
        return result;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="bound"/>).</summary>
    public int NextInt32(int bound) => (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);

    /// <summary>A permutation of 0 … <paramref name="count"/> − 1 (Fisher and Yates).</summary>
    public int[] Permutation(int count)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            var j = NextInt32(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
