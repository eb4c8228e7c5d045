namespace Microsoft.ML.Dmcp;

/// <summary>How a transition probability follows from its architecture parameter α.</summary>
public enum TransitionKind
{
    /// <summary>p = sigmoid(α), Eq. 5.</summary>
    Sigmoid,

    /// <summary>p = exp(−max(α, 0)), which the authors' release offers too.</summary>
    Exponential,
}
