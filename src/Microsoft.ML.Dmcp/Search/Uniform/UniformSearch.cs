using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Training.Optimization;

namespace Microsoft.ML.Dmcp.Search.Uniform;

/// <summary>Narrows all groups alike; trains nothing.</summary>
internal sealed class UniformSearch : ChannelSearch
{
    /// <param name="task">What it works on.</param>
    /// <param name="options">The budget; checked.</param>
    public UniformSearch(SearchTask task, UniformScalingOptions options)
        : base(task, options, task.Network.Groups.Select(_ => 1).ToArray())
    {
        Network = SlimmableNetwork.Blank(task.Network, task.Batches.Device);
        Means = new RunningMean(MeansOfTraining, task.Batches.Device);
    }

    public override SlimmableNetwork Network { get; }

    public override RunningMean Means { get; }

    protected override bool Trains => false;

    public override TrainingPhase PhaseOf(long iteration) => TrainingPhase.WarmUp;

    public override double Step(ImageBatch batch, long iteration) => throw new NotSupportedException("Uniform scaling trains nothing.");

    public override void Save(BinaryWriter writer) => throw new NotSupportedException("Uniform scaling trains nothing.");

    public override void Load(BinaryReader reader) => throw new NotSupportedException("Uniform scaling trains nothing.");

    public override void Dispose()
    {
        Means.Dispose();
        Network.Dispose();
    }

    protected override FoundChannels Choose()
    {
        var (widths, factor) = UniformScaling.Scale(Task.Network, Limits);
        var config = ChannelConfig.Of(Task.Network, widths, Method((UniformScaling.Factor, factor)));
        if (WeightsFile is not null)
            Tell(config, Network, widths);
        return new FoundChannels(config);
    }
}
