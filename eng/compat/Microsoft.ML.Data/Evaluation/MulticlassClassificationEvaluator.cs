using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Compares scores with labels.</summary>
internal sealed class MulticlassClassificationEvaluator
{
    private const float Epsilon = 1e-15f;
    private readonly IHost _host;
    private readonly int _topK;

    public MulticlassClassificationEvaluator(IHostEnvironment env, int topK)
    {
        _host = env.Register("MultiClassClassifierEvaluator");
        _topK = topK;
    }

    public MulticlassClassificationMetrics Evaluate(IDataView data, string labelColumn, string scoreColumn, string predictedLabelColumn)
    {
        var schema = data.Schema;
        var label = Find(schema, "Label", labelColumn);
        var score = Find(schema, AnnotationUtils.Const.ScoreValueKind.Score, scoreColumn);
        Find(schema, AnnotationUtils.Const.ScoreValueKind.PredictedLabel, predictedLabelColumn);
        if (score.Type is not VectorDataViewType { Size: >= 2 } scoreType || scoreType.ItemType != NumberDataViewType.Single)
        {
            throw _host.ExceptSchemaMismatch(nameof(schema), "score", score.Name, "vector of two or more items of type Single",
                score.Type.ToString());
        }

        if (label.Type != NumberDataViewType.Single && label.Type is not KeyDataViewType)
        {
            throw _host.ExceptSchemaMismatch(nameof(schema), "label", label.Name, "Single or Key", label.Type.ToString());
        }

        var counts = new MulticlassCounts(scoreType.Size);
        using var cursor = data.GetRowCursor(label, score);
        var getLabel = LabelReader.MakeGetter(cursor, label);
        var getScores = cursor.GetGetter<VBuffer<float>>(score);
        VBuffer<float> buffer = default;
        var scores = new float[scoreType.Size];
        while (cursor.MoveNext())
        {
            var actual = getLabel();
            if (float.IsNaN(actual) || actual < 0 || actual != (int)actual)
            {
                continue;
            }

            getScores(ref buffer);
            _host.Check(buffer.Length == scores.Length);
            buffer.CopyTo(scores);
            if (Array.TrueForAll(scores, float.IsFinite))
            {
                Add(counts, (int)actual, scores);
            }
        }

        return new MulticlassClassificationMetrics(_host, counts, _topK, ClassNames(score, scoreType.Size));
    }

    private static DataViewSchema.Column Find(DataViewSchema schema, string role, string column)
        => schema.GetColumnOrNull(column) ?? throw Contracts.ExceptParam(nameof(schema), $"{column} column '{role}' not found");

    private static void Add(MulticlassCounts counts, int label, float[] scores)
    {
        // A class the model has not seen has no score: as bad as can be.
        var known = label < scores.Length;
        var probability = known ? scores[label] : 0;
        var logLoss = -Math.Log(known ? Math.Min(1, Math.Max(Epsilon, probability)) : Epsilon);
        var (rank, assigned) = (0, 0);
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] > probability || (scores[i] == probability && i < label))
            {
                rank++;
            }

            if (scores[assigned] < scores[i])
            {
                assigned = i;
            }
        }

        counts.Add(label, assigned, rank, logLoss);
    }

    private static ReadOnlyMemory<char>[] ClassNames(DataViewSchema.Column score, int count)
    {
        if (score.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.SlotNames)?.Type is VectorDataViewType { IsKnownSize: true,
            ItemType: TextDataViewType })
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            score.GetSlotNames(ref names);
            return names.DenseValues().ToArray();
        }

        return Enumerable.Range(0, count).Select(i => i.ToString().AsMemory()).ToArray();
    }
}
