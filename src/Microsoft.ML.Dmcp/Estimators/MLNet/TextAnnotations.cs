using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Estimators.MLNet;

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
    public const string Score = "Score";
    public const string PredictedLabel = "PredictedLabel";

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

    /// <summary>Adds what evaluation finds the columns of a multiclass classifier by.</summary>
    /// <param name="annotations">Where they are added.</param>
    /// <param name="set">Number of the set of score columns.</param>
    /// <param name="value">What the column holds of the set.</param>
    public static void AddScoreKind(DataViewSchema.Annotations.Builder annotations, uint set, string value)
    {
        annotations.AddPrimitiveValue(ScoreColumnSetId, new KeyDataViewType(typeof(uint), int.MaxValue), set);
        annotations.AddPrimitiveValue(ScoreColumnKind, TextDataViewType.Instance, MulticlassClassification.AsMemory());
        annotations.AddPrimitiveValue(ScoreValueKind, TextDataViewType.Instance, value.AsMemory());
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
