using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Estimators;

/// <summary>Score and predicted label at the current row, however the scores come about.</summary>
internal abstract class Predictions(Predictor predictor) : AppendedValues
{
    protected Predictor Predictor => predictor;

    /// <summary>Probabilities of the current row.</summary>
    protected abstract ReadOnlySpan<float> Current();

    public override Delegate Getter(int column) => column == 0
        ? (ValueGetter<uint>)((ref uint value) => value = Likeliest(Current()))
        : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
        {
            var editor = VBufferEditor.Create(ref value, predictor.Classes);
            Current().CopyTo(editor.Values);
            value = editor.Commit();
        });

    // Keys count from 1; 0 is a missing value, for rows without an image.
    private static uint Likeliest(ReadOnlySpan<float> scores)
    {
        if (float.IsNaN(scores[0]))
            return 0;
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
            if (scores[i] > scores[best])
                best = i;
        return (uint)best + 1;
    }
}
