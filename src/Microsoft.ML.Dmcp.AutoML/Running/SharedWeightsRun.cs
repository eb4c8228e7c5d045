using Microsoft.ML.Dmcp.AutoML.Data;
using Microsoft.ML.Dmcp.AutoML.Planning;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp.AutoML.Running;

/// <summary>
/// Trains what the trials of one network share: where it is pre-trained, the whole network on the experiment's classes, and from that or
/// from fresh weights the sub-networks of all widths (stage 1 of DMCP alone), once for all budgets.
/// </summary>
internal sealed class SharedWeightsRun(
    IHostEnvironment env, DmcpExperimentSettings settings, ExperimentImages images, ExperimentFolder folder)
{
    private readonly TrialOptions _options = new(settings, images);
    private readonly TransformsCatalog _transforms = MLNetInternals.Transforms(env);

    public void Run(TrialLease lease)
    {
        var network = settings.Networks.Single(n => n.Name == lease.Trial.Network);
        var whole = network.WeightsPath is null ? null : TrainWhole(network, lease);
        if (settings.Methods.Contains(DmcpTrialMethod.Dmcp) || whole is null)
            TrainShared(network, whole, lease);
    }

    private string TrainWhole(DmcpNetwork network, TrialLease lease)
    {
        var path = folder.WholeOf(lease.Trial.Number);
        var options = _options.Begin<PrunedRetrainOptions>(lease.Trial.Seed, lease, path, settings.SharedEpochs);
        options.Network = network.Architecture;
        options.ChannelConfig = UniformScaling.Find(images.Describe(network.Architecture), Budget.FlopsRatio(1));
        options.Method = RetrainMethod.FineTuning;
        options.WeightsPath = network.WeightsPath;
        options.MetricsCallback = progress => lease.Observe(progress, TrainingPhase.Train);
        _transforms.PrunedRetrain(options).Fit(images.TrainingView).Dispose();
        return path;
    }

    private void TrainShared(DmcpNetwork network, string? whole, TrialLease lease)
    {
        var options = _options.Begin<DmcpSearchOptions>(
            lease.Trial.Seed, lease, folder.SharedOf(lease.Trial.Number), settings.SharedEpochs);
        options.Network = network.Architecture;
        options.WeightsPath = whole;
        options.WarmUpShare = 1;
        // Says how narrow the narrowest network is that is trained.
        options.Budget = settings.Axis.Find(settings.Axis.Smallest)!;
        options.MetricsCallback = progress => lease.Observe(progress, TrainingPhase.WarmUp);
        _transforms.DmcpSearch(options).Fit(images.TrainingView);
    }
}
