using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Search;

/// <summary>What the scope and the criterion of filter pruning are for, and which options contradict each other.</summary>
public sealed class PruningScopeTests : IDisposable
{
    // Two groups of the same width and about the same cost.
    private static readonly NetworkArchitecture Unbalanced = new("unbalanced", net =>
    {
        var x = net.ReLU(net.Conv(net.Input, 20, 3, name: "rich"));
        x = net.ReLU(net.Conv(x, 20, 3, name: "poor"));
        x = net.ReLU(net.Conv(x, 20, 3, name: "last"));
        net.Linear(net.GlobalAveragePool(x), net.Classes);
    });

    private readonly string _weights = Path.GetTempFileName();

    public void Dispose() => File.Delete(_weights);

    [Theory]
    [InlineData(FilterCriterion.L1Norm)]
    [InlineData(FilterCriterion.Taylor)]
    public void A_global_ranking_keeps_the_informative_group_wider_than_a_layer_wise_one(FilterCriterion criterion)
    {
        // Of the poor group three channels in four hardly exist.
        Write(network => network.state_dict()["poor.weight"].narrow(0, 5, 15).mul_(0.01));
        var (layers, all) = (Kept(PruningScope.LayerWise, criterion), Kept(PruningScope.Global, criterion));
        Assert.True(all["rich"].Length > layers["rich"].Length, $"{all["rich"].Length} and {layers["rich"].Length}");
        Assert.True(all["poor"].Length < layers["poor"].Length, $"{all["poor"].Length} and {layers["poor"].Length}");
    }

    [Fact]
    public void Taylor_sees_that_nobody_reads_a_channel_whose_filter_is_the_largest()
    {
        Write(network =>
        {
            network.state_dict()["poor.weight"][7].mul_(100);
            network.state_dict()["last.weight"].select(1, 7).zero_();
        });
        Assert.Contains(7, Kept(PruningScope.LayerWise, FilterCriterion.L1Norm)["poor"]);
        Assert.DoesNotContain(7, Kept(PruningScope.LayerWise, FilterCriterion.Taylor)["poor"]);
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused_by_name()
    {
        Refused("KeepShares", o => (o.Scope, o.KeepShares) = (PruningScope.Global, new Dictionary<string, double> { ["conv1"] = 0.5 }));
        Refused("PerCost", o => o.PerCost = true);
        Refused("Scope", o => o.Scope = (PruningScope)7);
        Refused("Criterion", o => o.Criterion = (FilterCriterion)7);
        Refused("TaylorBatches", o => o.TaylorBatches = 0);
        Refused("PruningSteps", o => o.PruningSteps = 0);
        Refused("PruningSteps", o => o.PruningSteps = o.NumberOfEpochs + 1);
        Refused("DistillationWeight", o => o.DistillationWeight = 1);
        Refused("DistillationWeight", o => (o.DistillationWeight, o.PruningSteps) = (0.5, 2));
        Refused("DistillationWeight", o => (o.DistillationWeight, o.WeightsPath) = (0.5, "weights"));
        RefusedSoftly("Criterion", o => o.Criterion = FilterCriterion.Taylor);
        RefusedSoftly("Scope", o => o.Scope = PruningScope.Global);
        RefusedSoftly("PruningSteps", o => o.PruningSteps = 2);
        var all = new FilterPruningOptions { Scope = PruningScope.Global, PerCost = true, PruningSteps = 5 };
        (all.WeightsPath, all.DistillationWeight) = ("weights", 0.5);
        all.Check();
    }

    [Fact]
    public void The_settings_say_what_differs_from_the_default_and_nothing_more()
    {
        var usual = new FilterPruningOptions().ToSettings();
        Assert.Equal("uniform", usual["keepShares"]);
        Assert.DoesNotContain("scope", usual.Keys);
        Assert.DoesNotContain("pruningSteps", usual.Keys);
        var options = new FilterPruningOptions
        {
            Scope = PruningScope.Global,
            PerCost = true,
            Criterion = FilterCriterion.Taylor,
            TaylorBatches = 5,
            PruningSteps = 4,
        };
        Assert.Equal("global-taylor", options.MethodName);
        var settings = options.ToSettings();
        Assert.Equal("global, importance per cost", settings["scope"]);
        Assert.Equal(("Taylor of 5 batches", "4"), (settings["criterion"], settings["pruningSteps"]));
        Assert.DoesNotContain("keepShares", settings.Keys);
    }

    private static void Refused(string name, Action<FilterPruningOptions> change) => Refused(new FilterPruningOptions(), name, change);

    private static void RefusedSoftly(string name, Action<FilterPruningOptions> change) =>
        Refused(new SoftFilterPruningOptions(), name, change);

    private static void Refused(FilterPruningOptions options, string name, Action<FilterPruningOptions> change)
    {
        change(options);
        Assert.Contains(name, Assert.Throws<ArgumentOutOfRangeException>(options.Check).Message);
    }

    private void Write(Action<SlimmableNetwork> change)
    {
        var description = Unbalanced.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
        using var network = new SlimmableNetwork(description, CPU, new RandomSource(1));
        using (NewDisposeScope())
        using (no_grad())
            change(network);
        var (set, settings) = (TestImages.Set(8, seed: 1), new Dictionary<string, string>());
        CheckpointFile.Write(
            _weights, CheckpointIdentity.Of(CheckpointIdentity.Retraining, 1, description, set, settings, null), network.SaveWeights);
    }

    private Dictionary<string, int[]> Kept(PruningScope scope, FilterCriterion criterion)
    {
        var options = (FilterPruningOptions)TestSearches.Options("magnitude");
        (options.Network, options.WeightsPath, options.Scope, options.Criterion) = (Unbalanced, _weights, scope, criterion);
        using var batches = TestSearches.Start(options, out var search);
        using var searching = search;
        return search.Run().Config.Groups.ToDictionary(g => g.Name, g => g.Kept!.ToArray());
    }
}
