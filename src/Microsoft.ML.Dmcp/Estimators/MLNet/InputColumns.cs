using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data;

namespace Microsoft.ML.Dmcp.Estimators.MLNet;

/// <summary>Checks the columns that both estimators read, before the data is known, with ML.NET's own messages.</summary>
internal static class InputColumns
{
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public static void Check(SchemaShape input, string label, string features)
    {
        var key = Find(input, label, "label");
        if (!key.IsKey || key.Kind != SchemaShape.Column.VectorKind.Scalar)
            throw new ArgumentOutOfRangeException(nameof(input),
                $"Schema mismatch for label column '{label}': expected Key, got {Describe(key)}. " +
                $"Put mlContext.Transforms.Conversion.MapValueToKey(\"{label}\") before.");
        var image = Find(input, features, "feature");
        var isNumber = image.ItemType == NumberDataViewType.Single || image.ItemType == NumberDataViewType.Byte;
        var isVector = image.Kind != SchemaShape.Column.VectorKind.Scalar && !image.IsKey && isNumber;
        if (image.ItemType.RawType != typeof(MLImage) && !isVector)
            throw new ArgumentOutOfRangeException(nameof(input), $"Schema mismatch for feature column '{features}': " +
                $"expected Image, or a vector of Single or Byte, got {Describe(image)}. Use LoadImages, or ExtractPixels behind it.");
    }

    private static string Describe(SchemaShape.Column column) => $"{column.Kind} of {(column.IsKey ? "Key" : column.ItemType)}";

    private static SchemaShape.Column Find(SchemaShape input, string name, string role)
    {
        foreach (var column in input)
            if (column.Name == name)
                return column;
        throw MissingColumn.Error(role, name, input.Select(c => c.Name));
    }
}
