using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>A layer that runs: reads values, gives one.</summary>
internal abstract class Operator
{
    /// <summary>
    /// Whether the result's storage may be overwritten by the only operator that reads it (its gradient does not need it).
    /// </summary>
    public virtual bool ResultMayBeOverwritten => false;

    /// <summary>Whether this operator may overwrite its first input, being its only reader.</summary>
    public bool OverwritesInput { get; set; }

    /// <summary>Computes the layer's value.</summary>
    /// <param name="inputs">The values that it reads.</param>
    /// <param name="pass">How the network runs this time.</param>
    public abstract Tensor Run(Tensor[] inputs, in NetworkPass pass);
}
