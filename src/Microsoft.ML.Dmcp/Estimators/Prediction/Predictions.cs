using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Estimators.Appending;

namespace Microsoft.ML.Dmcp.Estimators.Prediction;

/// <summary>Predicted label, score and embedding at the current row, however they come about.</summary>
internal abstract class Predictions(Predictor predictor) : AppendedValues
{
    protected Predictor Predictor => predictor;

    /// <summary>The batch that the current row is in, and its place there.</summary>
    protected abstract (PredictedBatch Batch, int Row) Current();

    public override Delegate Getter(int column) => column switch
    {
        0 => (ValueGetter<uint>)((ref uint value) =>
        {
            var (batch, row) = Current();
            value = Likeliest(batch.Scores.AsSpan(row * predictor.Classes, predictor.Classes));
        }),
        1 => Vector(batch => batch.Scores, predictor.Classes),
        _ => Vector(batch => batch.Embeddings, predictor.EmbeddingSize),
    };

    private ValueGetter<VBuffer<float>> Vector(Func<PredictedBatch, float[]> values, int length) => (ref VBuffer<float> value) =>
    {
        var (batch, row) = Current();
        var editor = VBufferEditor.Create(ref value, length);
        values(batch).AsSpan(row * length, length).CopyTo(editor.Values);
        value = editor.Commit();
    };

    // Keys count from 1; 0 is a missing value, for rows without an image.
    private static uint Likeliest(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
            if (scores[i] > scores[best])
                best = i;
        // No number is no class.
        foreach (var score in scores)
            if (!float.IsFinite(score))
                return 0;
        return (uint)best + 1;
    }
}
