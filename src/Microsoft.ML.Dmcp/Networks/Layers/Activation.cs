namespace Microsoft.ML.Dmcp;

/// <summary>An element-wise non-linearity. None of them changes the number of channels.</summary>
public enum Activation
{
    /// <summary>max(x, 0).</summary>
    ReLU,

    /// <summary>min(max(x, 0), 6).</summary>
    ReLU6,

    /// <summary>x·sigmoid(x).</summary>
    SiLU,

    /// <summary>x·ReLU6(x + 3)/6.</summary>
    Hardswish,

    /// <summary>min(max(αx + β, 0), 1), by default ReLU6(x + 3)/6.</summary>
    Hardsigmoid,

    /// <summary>1/(1 + exp(−x)).</summary>
    Sigmoid,

    /// <summary>x where it is positive, αx elsewhere; α is 0.01 by default.</summary>
    LeakyReLU,

    /// <summary>min(max(x, α), β); a limit that is not given is none.</summary>
    Clip,
}
