using Dmcp.Samples.Shared;
using System.Diagnostics;

namespace Dmcp.Experiments;

/// <summary>
/// Recoverability (4.2, Fig. 4): trained, frozen weights, random α, task loss only. Nearly all channels should come back.
/// </summary>
/// <param name="Pretrained">The training whose weights are used.</param>
internal sealed record RecoverabilityUnit(BaselineUnit Pretrained) : Unit("recoverability", Pretrained.Seed)
{
    public override Part Needs => Pretrained;

    public override UnitResult Run(Laboratory laboratory, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var curve = laboratory.Recover(this, cancellation);
        return new UnitResult
        {
            Curve = curve,
            ExpectedMFlops = curve[^1].MFlops,
            MFlops = laboratory.Images.UnprunedMFlops,
            TrainingAccuracy = laboratory.ResultOf(Pretrained)!.TrainingAccuracy,
            Seconds = watch.Elapsed.TotalSeconds,
        };
    }
}
