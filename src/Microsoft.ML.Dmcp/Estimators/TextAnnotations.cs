using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Estimators;

/// <summary>Annotations of names, as ML.NET's own components write them.</summary>
internal static class TextAnnotations
{
    public const string SlotNames = "SlotNames";
    public const string KeyValues = "KeyValues";
    public const string ScoreColumnKind = "ScoreColumnKind";
    public const string ScoreColumnSetId = "ScoreColumnSetId";
    public const string ScoreValueKind = "ScoreValueKind";
    public const string MulticlassClassification = "MulticlassClassification";
    public const string TrainingLabelValues = "TrainingLabelValues";

    /// <summary>Adds a vector of names.</summary>
    public static void Add(DataViewSchema.Annotations.Builder annotations, string kind, IEnumerable<string> names)
    {
        var values = names.Select(n => n.AsMemory()).ToArray();
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter = (ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            var editor = VBufferEditor.Create(ref value, values.Length);
            values.CopyTo(editor.Values);
            value = editor.Commit();
        };
        annotations.Add(kind, new VectorDataViewType(TextDataViewType.Instance, values.Length), getter);
    }

    /// <summary>A text annotation of a column; null where it has none.</summary>
    public static string? Read(DataViewSchema.Column column, string kind)
    {
        if (column.Annotations.Schema.GetColumnOrNull(kind) is not { Type: TextDataViewType })
            return null;
        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(kind, ref value);
        return value.ToString();
    }
}
