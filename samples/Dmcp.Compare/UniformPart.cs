using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp;

namespace Dmcp.Compare;

/// <summary>The training of the uniformly narrowed network; of the unpruned one for a share of 1.</summary>
internal sealed record UniformPart(double Share, int Seed) : ComparedPart($"train.uniform.{Percent(Share)}", Seed)
{
    public override PartResult Run(ImageLaboratory laboratory, CancellationToken cancellation) =>
        TrainPart.Trained(this, ConfigOf(laboratory.Describe(1), Share), laboratory, cancellation);

    /// <summary>The uniform widths that use a share of the FLOPs.</summary>
    public static ChannelConfig ConfigOf(NetworkDescription unpruned, double share) =>
        UniformScaling.Find(unpruned, Budget.FlopsRatio(share));
}
