using Microsoft.ML.Dmcp.AutoML.Planning;
using Microsoft.ML.Dmcp.AutoML.Store;

namespace Microsoft.ML.Dmcp.Tests.AutoML;

/// <summary>What an experiment tries next, and what it gives up: functions of what the store holds.</summary>
public class ExperimentPlanTests
{
    [Fact]
    public void Weights_are_shared_before_any_budget_is_tried_and_uniform_widths_alone_need_none()
    {
        var settings = new DmcpExperimentSettings { Seeds = [1, 2] };
        var shared = new ExperimentPlan(settings).Next([]);
        Assert.Equal([(DmcpTrialMethod.SharedWeights, 1), (DmcpTrialMethod.SharedWeights, 2)], shared.Select(t => (t.Method, t.Seed)));
        StoredTrial[] running = [Shared(1, seed: 1), Shared(2, seed: 2) with { State = DmcpTrialState.Running }];
        Assert.Empty(new ExperimentPlan(settings).Next(running));
        var uniform = new DmcpExperimentSettings { Methods = [DmcpTrialMethod.Uniform] };
        Assert.Equal([(DmcpTrialMethod.Uniform, 0.75)], new ExperimentPlan(uniform).Next([]).Select(t => (t.Method, t.Amount)));
    }

    [Fact]
    public void The_next_budget_lies_where_the_front_has_its_largest_gap()
    {
        // From 0.1 to 0.8 accuracy grows most between 0.1 and 0.2, where the steps in log cost are the same.
        Assert.Equal(0.141, NextOf((0.1, 0.2), (0.2, 0.6), (0.4, 0.65), (0.8, 0.7)));
        Assert.Equal(0.566, NextOf((0.1, 0.2), (0.2, 0.25), (0.4, 0.3), (0.8, 0.7)));
        // All as accurate: the largest gap in cost.
        Assert.Equal(0.346, NextOf((0.1, 0.5), (0.15, 0.5), (0.8, 0.5)));
        // A budget without a result lies on the line between its neighbours.
        Assert.Equal(0.566, NextOf((0.1, 0.2), (0.2, null), (0.4, 0.3), (0.8, 0.7)));
        Assert.Null(NextOf((0.1, 0.2), (0.104, 0.5), (0.108, 0.5)));
    }

    [Fact]
    public void Given_budgets_are_tried_each_once_the_ends_first()
    {
        var settings = Uniform();
        settings.Budgets = new[] { 0.2, 0.3, 0.5, 0.4 }.Select(Budget.FlopsRatio).ToArray();
        var plan = new ExperimentPlan(settings);
        var trials = new List<StoredTrial>();
        while (plan.Next(trials) is [var next])
            trials.Add(Done(trials.Count + 1, next.Amount, 0.1 + next.Amount));
        Assert.Equal([0.5, 0.2, 0.3, 0.4], trials.Select(t => t.Amount));
    }

    [Fact]
    public void The_number_of_trials_is_a_limit_that_may_be_raised_and_what_it_cut_off_comes_first_then()
    {
        var settings = new DmcpExperimentSettings { MaxTrials = 1, Seeds = [3] };
        StoredTrial[] trials = [Shared(1, seed: 3)];
        var first = Assert.Single(new ExperimentPlan(settings).Next(trials));
        trials = [.. trials, Done(2, first.Amount, 0.5) with { Method = first.Method, Seed = 3 }];
        Assert.Empty(new ExperimentPlan(settings).Next(trials));
        settings.MaxTrials = 3;
        var second = Assert.Single(new ExperimentPlan(settings).Next(trials));
        Assert.Equal((DmcpTrialMethod.Uniform, 0.75), (second.Method, second.Amount));
    }

    [Fact]
    public void A_network_whose_shared_weights_failed_gets_no_trials()
    {
        var settings = new DmcpExperimentSettings { Networks = [NetworkZoo.CifarResNet(20), NetworkZoo.CifarResNet(32)] };
        StoredTrial[] trials = [Shared(1, 1) with { State = DmcpTrialState.Failed }, Shared(2, 1) with { Network = "cifar-resnet32" }];
        Assert.Equal(["cifar-resnet32", "cifar-resnet32"], new ExperimentPlan(settings).Next(trials).Select(t => t.Network));
    }

    [Fact]
    public void Of_the_trials_of_one_budget_the_better_half_goes_on_when_all_have_come_as_far()
    {
        var halving = new Halving(new DmcpExperimentSettings { TrainingEpochs = 8 }, validationImages: 1000);
        Assert.Equal([2, 4, 8], new[] { 0, 2, 4 }.Select(halving.NextStop));
        StoredTrial[] trials = [Paused(1, 0.5, 2, 0.6), Paused(2, 0.5, 2, 0.8), Paused(3, 0.5, 2, 0.7)];
        Assert.Empty(halving.On([.. trials, Paused(4, 0.5, 0, null) with { State = DmcpTrialState.Running }]));
        var verdicts = halving.On([.. trials, Paused(4, 0.5, 0, null) with { State = DmcpTrialState.Failed }]);
        Assert.Equal([(2, null), (3, null), (1, "after 2 of 8 epochs its accuracy was 60.0 %, that of trial 2 at the same budget 80.0 %")],
            verdicts.Select(v => (v.Number, v.Reason)));
    }

    [Fact]
    public void A_trial_that_a_cheaper_one_beats_by_more_than_the_noise_is_stopped()
    {
        var halving = new Halving(new DmcpExperimentSettings { TrainingEpochs = 8 }, validationImages: 100);
        // Two standard errors of the difference are 13 points.
        Assert.Null(ReasonAgainst(1, 0.7));
        Assert.Equal("after 2 of 8 epochs its accuracy was 60.0 %, that of trial 1 at a smaller budget 75.0 %", ReasonAgainst(1, 0.75));
        // One that was begun later: with other workers, or after a kill, it might not be there yet.
        Assert.Null(ReasonAgainst(3, 0.75));

        string? ReasonAgainst(int number, double accuracy)
        {
            var cheaper = Paused(number, 0.2, 2, accuracy) with { State = DmcpTrialState.Completed };
            return Assert.Single(halving.On([cheaper, Paused(2, 0.5, 2, 0.6)])).Reason;
        }
    }

    [Fact]
    public void Without_early_stopping_and_in_very_short_trainings_nothing_is_compared()
    {
        Assert.Equal(8, new Halving(new DmcpExperimentSettings { TrainingEpochs = 8, StopEarly = false }, 100).NextStop(0));
        Assert.Equal(3, new Halving(new DmcpExperimentSettings { TrainingEpochs = 3 }, 100).NextStop(0));
    }

    private static double? NextOf(params (double Amount, double? Accuracy)[] trials)
    {
        var settings = Uniform();
        (settings.SmallestBudget, settings.LargestBudget) = (Budget.FlopsRatio(trials[0].Amount), Budget.FlopsRatio(trials[^1].Amount));
        var stored = trials.Select((t, i) => Done(i + 1, t.Amount, t.Accuracy)).ToArray();
        return new ExperimentPlan(settings).Next(stored).SingleOrDefault()?.Amount;
    }

    private static DmcpExperimentSettings Uniform() => new() { Methods = [DmcpTrialMethod.Uniform] };

    private static StoredTrial Shared(int number, int seed) => Done(number, 0, null) with
    {
        Method = DmcpTrialMethod.SharedWeights,
        Seed = seed,
        State = DmcpTrialState.Completed,
    };

    private static StoredTrial Done(int number, double amount, double? accuracy) => new()
    {
        Number = number,
        Network = "cifar-resnet20",
        Method = DmcpTrialMethod.Uniform,
        Amount = amount,
        Seed = 1,
        State = accuracy is null ? DmcpTrialState.Running : DmcpTrialState.Completed,
        Metrics = accuracy is { } a ? new DmcpTrialMetrics(a, a, 1, 0, []) : null,
    };

    private static StoredTrial Paused(int number, double amount, int epochs, double? accuracy) => Done(number, amount, null) with
    {
        State = DmcpTrialState.Paused,
        TrainedEpochs = epochs,
        Cost = amount,
        Epochs = [new DmcpEpoch(TrainingPhase.Retrain, epochs, 1, 0.5, accuracy)],
    };
}
