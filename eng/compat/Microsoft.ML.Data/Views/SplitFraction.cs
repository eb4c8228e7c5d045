using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Gives each row a number in [0, 1) by which it falls into a fold: at random, or by a column, so that rows that
/// agree in it stay together.</summary>
internal sealed class SplitFraction
{
    private const int HashBits = 30;
    private const uint DefaultHashSeed = 314489979;
    private const uint DefaultRandomSeed = 42;
    private readonly int? _seed;
    private readonly Func<DataViewRow, Func<double>> _bind;

    public SplitFraction(IHostEnvironment env, IDataView data, string samplingKeyColumn, int? seed)
    {
        _seed = seed ?? (env as IHostEnvironmentInternal)?.Seed;
        if (samplingKeyColumn is null)
        {
            _bind = Random;
            return;
        }

        Column = data.Schema.GetColumnOrNull(samplingKeyColumn)
            ?? throw env.ExceptSchemaMismatch(nameof(samplingKeyColumn), "SamplingKeyColumn", samplingKeyColumn);
        var column = Column.Value;
        _bind = column.Type switch
        {
            KeyDataViewType => Make(ByKey<uint>, column),
            _ when column.Type == NumberDataViewType.Single
                => ByRange(data.GetColumn<float>(column).Select(x => (double)x), Make(AsDouble<float>, column)),
            _ when column.Type == NumberDataViewType.Double => ByRange(data.GetColumn<double>(column), Make(AsDouble<double>, column)),
            TextDataViewType => ByText,
            BooleanDataViewType => ByBoolean,
            NumberDataViewType => Make(ByNumber<int>, column),
            _ => throw env.ExceptNotSupp($"This stand-in of ML.NET does not split by a column of type {column.Type}."),
        };
    }

    /// <summary>The column that decides; null if rows are split at random.</summary>
    public DataViewSchema.Column? Column { get; }

    /// <summary>A function that gives the fraction of the row's present values; NaN for one that is in no fold.</summary>
    public Func<double> Bind(DataViewRow row) => _bind(row);

    private static Func<DataViewRow, Func<double>> Make(Delegate generic, DataViewSchema.Column column)
        => row => Utils.MarshalInvoke<Func<double>>(generic, column.Type.RawType, row);

    // MurmurHash3 (x86, 32 bits), which ML.NET's hashing transform uses.
    private static uint Murmur(uint hash, ReadOnlySpan<byte> data)
    {
        Span<byte> block = stackalloc byte[sizeof(uint)];
        for (var at = 0; at < data.Length; at += sizeof(uint))
        {
            block.Clear();
            var part = data[at..Math.Min(data.Length, at + sizeof(uint))];
            part.CopyTo(block);
            hash ^= BitOperations.RotateLeft(BinaryPrimitives.ReadUInt32LittleEndian(block) * 0xCC9E2D51, 15) * 0x1B873593;
            hash = part.Length == sizeof(uint) ? (BitOperations.RotateLeft(hash, 13) * 5) + 0xE6546B64 : hash;
        }

        hash ^= (uint)data.Length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }

    private Func<double> Random(DataViewRow row)
    {
        var random = new TauswortheHybrid(new TauswortheHybrid.State(_seed is { } seed ? (uint)seed : DefaultRandomSeed));
        var (drawn, value) = (-1L, 0f);
        return () =>
        {
            for (; drawn < row.Position; drawn++)
            {
                value = random.NextSingle();
            }

            return value;
        };
    }

    private Func<double> ByKey<T>(DataViewRow row)
        where T : IBinaryInteger<T>
    {
        var get = row.GetGetter<T>(Column.Value);
        var count = Column.Value.Type.GetKeyCount();
        T key = default;
        return () =>
        {
            get(ref key);
            var value = ulong.CreateTruncating(key);
            return value == 0 || value > count ? double.NaN : (value - 0.5) / count;
        };
    }

    private Func<double> AsDouble<T>(DataViewRow row)
        where T : IFloatingPoint<T>
    {
        var get = row.GetGetter<T>(Column.Value);
        T value = default;
        return () =>
        {
            get(ref value);
            return double.CreateTruncating(value);
        };
    }

    private Func<DataViewRow, Func<double>> ByRange(IEnumerable<double> values, Func<DataViewRow, Func<double>> bind)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        var (min, max) = finite.Length == 0 ? (0, 0) : (finite.Min(), finite.Max());
        return row =>
        {
            var get = bind(row);
            return () => max > min ? (get() - min) / (max - min) : 0;
        };
    }

    private double Hashed(ReadOnlySpan<byte> bytes)
    {
        var hash = Murmur(_seed is { } seed ? (uint)seed : DefaultHashSeed, bytes) & ((1u << HashBits) - 1);
        return (hash + 0.5) / (1u << HashBits);
    }

    private Func<double> ByText(DataViewRow row)
    {
        var get = row.GetGetter<ReadOnlyMemory<char>>(Column.Value);
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            get(ref text);
            return text.IsEmpty ? double.NaN : Hashed(Encoding.UTF8.GetBytes(text.Span.Trim(' ').ToString()));
        };
    }

    private Func<double> ByBoolean(DataViewRow row)
    {
        var get = row.GetGetter<bool>(Column.Value);
        var value = false;
        return () =>
        {
            get(ref value);
            return Hashed([(byte)(value ? 1 : 0), 0, 0, 0]);
        };
    }

    // Integers of fewer than 32 bits are hashed as if they had 32.
    private Func<double> ByNumber<T>(DataViewRow row)
        where T : unmanaged, IBinaryInteger<T>
    {
        var get = row.GetGetter<T>(Column.Value);
        T value = default;
        return () =>
        {
            get(ref value);
            var wide = long.CreateTruncating(value);
            return Hashed(MemoryMarshal.AsBytes([wide])[..Math.Max(sizeof(uint), Marshal.SizeOf<T>())]);
        };
    }
}
