using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Training;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Optimization;

namespace Microsoft.ML.Dmcp.Search.Uniform;

/// <summary>Narrows all groups alike; trains nothing.</summary>
internal sealed class UniformSearch : ChannelSearch
{
    /// <param name="task">What it works on.</param>
    /// <param name="options">The budget; checked.</param>
    /// <exception cref="BudgetOutOfReachException">No width meets the budget.</exception>
    public UniformSearch(SearchTask task, UniformScalingOptions options)
        : base(task, options) =>
        Network = SlimmableNetwork.Blank(task.Network, task.Images.Device);

    public override SlimmableNetwork Network { get; }

    // As a fine-tuning behind it does: the accuracy that is logged is that of the channels which it keeps.
    protected override void Begin(CheckpointIdentity origin)
    {
        if (origin.HasTrainedSubNetworks)
            return;
        using var loss = new ClassificationLoss();
        ChannelSorting.Run(Network, loss, Task.Images, Task.Seed, Task.Log);
    }

    protected override FoundChannels Choose()
    {
        var (widths, factor) = WidthAllocation.Uniform(Task.Network, Allowed, Limits);
        var config = ChannelConfig.Of(Task.Network, widths, Method(UniformScaling.FactorSetting(factor)));
        if (WeightsFile is not null)
            Log(config, Network, widths);
        return new FoundChannels(config);
    }
}
