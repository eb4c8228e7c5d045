using Microsoft.ML.Data;

namespace Microsoft.ML.Internal.Utilities;

/// <summary>Edits of whole vectors.</summary>
internal static class VBufferUtils
{
    /// <summary>Gives the vector a length and a number of explicit values, whose content is unspecified.</summary>
    public static void Resize<T>(ref VBuffer<T> dst, int newLogicalLength, int? valuesCount = null)
        => dst = VBufferEditor.Create(ref dst, newLogicalLength, valuesCount).Commit();
}
