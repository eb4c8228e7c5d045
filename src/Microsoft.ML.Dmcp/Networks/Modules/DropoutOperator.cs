using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>
/// Dropout from the network's own seeded generator; libtorch's function draws from the state of the whole process. The mask is drawn on the
/// processor, where TorchSharp's generators live: it is small, since dropout stands in classifiers.
/// </summary>
internal sealed class DropoutOperator(double probability, Generator generator) : Operator
{
    public override Tensor Run(Tensor[] inputs, in NetworkPass pass)
    {
        var x = inputs[0];
        if (!pass.Dropout || probability == 0)
            return x.alias();
        var random = pass.Ranks is { } ranks ? OfShare(x.shape, ranks) : rand(x.shape, ScalarType.Float32, CPU, false, generator);
        var kept = random.IsGreaterOrEqual(probability).to(x.dtype).SentTo(x.device);
        return x.mul(kept).Times(1 / (1 - probability));
    }

    /// <summary>The numbers of this rank's images: every rank draws those of the whole batch, so that all go on alike.</summary>
    private Tensor OfShare(long[] shape, Ranks ranks)
    {
        var whole = rand([shape[0] * ranks.Size, .. shape[1..]], ScalarType.Float32, CPU, false, generator);
        return whole.narrow(0, shape[0] * ranks.Rank, shape[0]);
    }
}
