using System.Numerics;
using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>Reads labels as class indices: keys less one, and NaN for a missing key.</summary>
internal static class LabelReader
{
    public static Func<float> MakeGetter(DataViewRow row, DataViewSchema.Column label)
    {
        if (label.Type is KeyDataViewType)
        {
            return Utils.MarshalInvoke<Func<float>>(FromKey<uint>, label.Type.RawType, row, label);
        }

        var get = row.GetGetter<float>(label);
        var value = 0f;
        return () =>
        {
            get(ref value);
            return value;
        };
    }

    private static Func<float> FromKey<T>(DataViewRow row, DataViewSchema.Column label)
        where T : IBinaryInteger<T>
    {
        var get = row.GetGetter<T>(label);
        var count = label.Type.GetKeyCount();
        T key = default;
        return () =>
        {
            get(ref key);
            var value = ulong.CreateTruncating(key);
            return value > 0 && value <= count ? value - 1 : float.NaN;
        };
    }
}
