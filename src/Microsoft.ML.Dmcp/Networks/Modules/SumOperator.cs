using Microsoft.ML.Dmcp.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>
/// The sum of two values. Where one comes from a batch norm and a ReLU follows, as at the end of a residual block, all three are one.
/// </summary>
internal sealed class SumOperator : Operator
{
    /// <summary>
    /// The batch norm that computes the sum and the activation behind it along, wherever the statistics of the batch are used; null for
    /// none.
    /// </summary>
    public BatchNormOperator? Norm { get; set; }

    /// <summary>Which input comes from it.</summary>
    public int InputOfNorm { get; set; }

    public override bool ResultMayBeOverwritten => true;

    public override Tensor Run(Tensor[] inputs, in NetworkPass pass)
    {
        if (Norm is not null && pass.Statistics != NormStatistics.Running)
            return Norm.Run(inputs[InputOfNorm], inputs[1 - InputOfNorm], pass);
        return OverwritesInput ? inputs[0].add_(inputs[1], Scalars.One) : inputs[0].Plus(inputs[1]);
    }
}
