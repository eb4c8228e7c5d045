using System.Globalization;
using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>How terms are compared, copied, found missing and written as text.</summary>
internal static class TermText
{
    public static IEqualityComparer<T> EqualityComparer<T>()
        => typeof(T) == typeof(ReadOnlyMemory<char>) ? (IEqualityComparer<T>)(object)TextComparer.Instance
            : System.Collections.Generic.EqualityComparer<T>.Default;

    public static IComparer<T> Comparer<T>()
        => typeof(T) == typeof(ReadOnlyMemory<char>) ? (IComparer<T>)(object)TextComparer.Instance
            : System.Collections.Generic.Comparer<T>.Default;

    public static bool IsMissing<T>(T value, PrimitiveDataViewType type) => value switch
    {
        ReadOnlyMemory<char> text => text.IsEmpty,
        float number => float.IsNaN(number),
        double number => double.IsNaN(number),
        _ => type is KeyDataViewType && EqualityComparer<T>().Equals(value, default),
    };

    /// <summary>The value of a missing key.</summary>
    public static T Missing<T>()
        => typeof(T) == typeof(float) ? (T)(object)float.NaN
        : typeof(T) == typeof(double) ? (T)(object)double.NaN
        : default;

    /// <summary>A copy that shares no buffer with whoever gave the value.</summary>
    public static T Own<T>(T value) => value is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : value;

    public static string Format<T>(T value, PrimitiveDataViewType type) => value switch
    {
        float number => float.IsNaN(number) ? "?" : number.ToString("R", CultureInfo.InvariantCulture),
        double number => double.IsNaN(number) ? "?" : number.ToString("G17", CultureInfo.InvariantCulture),
        bool flag => flag ? "1" : "0",
        DataViewRowId id => $"0x{id}",
        _ when type is KeyDataViewType => FormatKey(Convert.ToUInt64(value, CultureInfo.InvariantCulture)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static string FormatKey(ulong key) => key == 0 ? "" : (key - 1).ToString(CultureInfo.InvariantCulture);

    private sealed class TextComparer : IEqualityComparer<ReadOnlyMemory<char>>, IComparer<ReadOnlyMemory<char>>
    {
        public static readonly TextComparer Instance = new();

        public bool Equals(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<char> value) => string.GetHashCode(value.Span);

        public int Compare(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceCompareTo(y.Span);
    }
}
