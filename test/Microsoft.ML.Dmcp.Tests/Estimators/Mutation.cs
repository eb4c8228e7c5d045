using System.Text;
using CsCheck;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>A change of a file: of a bit, a byte, a number in 4 bytes or as text; a piece left out or twice, the end cut off.</summary>
internal sealed record Mutation(MutationKind Kind, int At, int Length, byte Value, long Number)
{
    // Numbers where arithmetic breaks, and those beside them.
    private static readonly long[] Numbers =
    [
        0, 1, -1, 2, 3, 255, 1 << 10, 1 << 16, (1 << 20) - 1, 1 << 20, (1 << 20) + 1,
        int.MaxValue, int.MinValue, int.MaxValue + 1L, 1L << 40, long.MaxValue,
    ];

    // A file that ends early is refused by the first check: seldom is enough.
    private static readonly Gen<MutationKind> Kinds = Gen.Frequency(
        [.. Enum.GetValues<MutationKind>().Select(k => (k == MutationKind.End ? 1 : 4, k))]);

    /// <summary>One to three mutations of a content of some length. Half of them hit the text in front.</summary>
    public static Gen<Mutation[]> Of(int length)
    {
        var place = Gen.OneOf(Gen.Int[0, Math.Min(length, 2000) - 1], Gen.Int[0, length - 1]);
        return Gen.Select(Kinds, place, Gen.Int[1, 16], Gen.Byte, Gen.OneOf(Numbers))
            .Select(m => new Mutation(m.Item1, m.Item2, m.Item3, m.Item4, m.Item5))
            .Array[1, 3];
    }

    /// <summary>The content with mutations, one after the other.</summary>
    public static byte[] Apply(Mutation[] mutations, byte[] content)
    {
        var bytes = content.ToList();
        foreach (var mutation in mutations)
        {
            if (bytes.Count > 8)
                mutation.Change(bytes, mutation.At % bytes.Count);
        }
        return [.. bytes];
    }

    private void Change(List<byte> bytes, int at)
    {
        var length = Math.Min(Length, bytes.Count - at);
        switch (Kind)
        {
            case MutationKind.Bit:
                bytes[at] ^= (byte)(1 << Value % 8);
                break;
            case MutationKind.Byte:
                bytes[at] = Value;
                break;
            case MutationKind.BinaryNumber:
                var number = BitConverter.GetBytes((int)Number);
                for (var i = 0; i < number.Length && at + i < bytes.Count; i++)
                    bytes[at + i] = number[i];
                break;
            case MutationKind.DecimalNumber:
                var begin = bytes.FindIndex(at, IsDigit) is >= 0 and var digit ? digit : bytes.Count - 1;
                var end = bytes.FindIndex(begin, b => !IsDigit(b)) is >= 0 and var other ? other : bytes.Count;
                bytes.RemoveRange(begin, end - begin);
                bytes.InsertRange(begin, Encoding.ASCII.GetBytes(FormattableString.Invariant($"{Number}")));
                break;
            case MutationKind.Removal:
                bytes.RemoveRange(at, length);
                break;
            case MutationKind.Repetition:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case MutationKind.End:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }

    private static bool IsDigit(byte b) => char.IsAsciiDigit((char)b);
}
