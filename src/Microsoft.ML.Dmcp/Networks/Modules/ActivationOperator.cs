using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>An element-wise non-linearity.</summary>
internal sealed class ActivationOperator(ActivationLayer layer) : Operator
{
    /// <summary>What it computes.</summary>
    public ActivationLayer Layer => layer;

    /// <summary>Whether a batch norm can compute it along.</summary>
    public bool CanBePartOfNorm => LimitsOf(layer) is not null;

    /// <summary>
    /// Whether a batch norm before it computes it along, wherever the statistics of the batch are used.
    /// </summary>
    public bool IsPartOfNorm { get; set; }

    public override Tensor Run(Tensor[] inputs, in NetworkPass pass) =>
        IsPartOfNorm && pass.Statistics != NormStatistics.Running ? inputs[0] : Activate(layer, inputs[0], OverwritesInput);

    /// <summary>The limits that a ReLU or ReLU6 keeps its values within; null for other functions.</summary>
    public static (float Lower, float Upper)? LimitsOf(ActivationLayer layer) => layer.Function switch
    {
        Activation.ReLU => (0, float.PositiveInfinity),
        Activation.ReLU6 => (0, 6),
        _ => null,
    };

    /// <summary>The values behind an activation.</summary>
    /// <param name="layer">Which.</param>
    /// <param name="x">The values before.</param>
    /// <param name="overwrite">Whether these may be overwritten.</param>
    public static Tensor Activate(ActivationLayer layer, Tensor x, bool overwrite) => layer.Function switch
    {
        Activation.ReLU => overwrite ? x.relu_() : x.relu(),
        Activation.ReLU6 => overwrite ? x.relu6_() : x.relu6(),
        Activation.SiLU => nn.functional.silu(x),
        Activation.Hardswish => nn.functional.hardswish(x),
        Activation.Hardsigmoid when layer is not { Alpha: null, Beta: null } =>
            x.mul(layer.Alpha ?? 1.0 / 6).add_(layer.Beta ?? 0.5).clamp(0, 1),
        Activation.Hardsigmoid => nn.functional.hardsigmoid(x),
        Activation.Sigmoid => x.sigmoid(),
        Activation.LeakyReLU => nn.functional.leaky_relu(x, layer.Alpha ?? 0.01),
        Activation.Clip => x.clamp(layer.Alpha ?? double.NegativeInfinity, layer.Beta ?? double.PositiveInfinity),
        _ => throw new ArgumentOutOfRangeException(nameof(layer), layer.Function, "Unknown activation."),
    };
}
