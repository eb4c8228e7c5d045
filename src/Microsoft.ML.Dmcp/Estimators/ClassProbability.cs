namespace Microsoft.ML.Dmcp;

/// <summary>One class of a prediction.</summary>
/// <param name="Class">Name of the class: the value of its key as text, whatever type the labels had.</param>
/// <param name="Probability">Its probability, in [0, 1].</param>
public readonly record struct ClassProbability(string Class, float Probability)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Class} {Probability:0.000}");
}
