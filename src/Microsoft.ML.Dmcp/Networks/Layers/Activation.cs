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

    /// <summary>ReLU6(x + 3)/6.</summary>
    Hardsigmoid,

    /// <summary>1/(1 + exp(−x)).</summary>
    Sigmoid,
}
