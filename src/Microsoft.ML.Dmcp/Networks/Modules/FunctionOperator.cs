using Microsoft.ML.Dmcp.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>A layer without weights: its value depends on its inputs alone, whatever their widths.</summary>
/// <param name="run">Computes the value.</param>
/// <param name="resultMayBeOverwritten">Whether the gradient does without the result.</param>
internal sealed class FunctionOperator(Func<Tensor[], Tensor> run, bool resultMayBeOverwritten = false) : Operator
{
    public override bool ResultMayBeOverwritten => resultMayBeOverwritten;

    public override Tensor Run(Tensor[] inputs, in NetworkPass pass) => run(inputs);

    /// <summary>The operator of a layer without weights.</summary>
    public static FunctionOperator For(Layer layer) => layer switch
    {
        PoolLayer p => new(x => Pooling.Run(p, x[0])),
        PadLayer p => new(x => nn.functional.pad(x[0], [p.Left, p.Right, p.Top, p.Bottom], PaddingModes.Constant, p.Value)),
        GlobalPoolLayer => new(x => x[0].mean([2, 3], keepdim: true)),
        MultiplyLayer => new(x => x[0].mul(x[1]), resultMayBeOverwritten: true),
        ConcatLayer => new(x => cat(x, 1), resultMayBeOverwritten: true),
        FlattenLayer => new(x => x[0].flatten(1)),
        _ => throw new ArgumentException($"Layer '{layer.Name}' has weights or is unknown."),
    };
}
