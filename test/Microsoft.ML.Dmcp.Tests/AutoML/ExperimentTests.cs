using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Tests.Worker;

namespace Microsoft.ML.Dmcp.Tests.AutoML;

/// <summary>Experiments as users of ML.NET's AutoML run them, on tiny images and with SQLite.</summary>
public sealed class ExperimentTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-automl").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Folder => Path.Combine(_folder, "expérience 1");

    private IDataView Images(int count = 100) => _ml.Data.LoadFromEnumerable(TinyExperiment.Images(count));

    [Fact]
    public void An_experiment_gives_the_front_of_accuracy_against_cost_and_models_that_do_what_it_says()
    {
        var seen = new List<DmcpTrial>();
        var settings = TinyExperiment.Settings(Folder);
        var (train, validation) = (Images(), _ml.Data.LoadFromEnumerable(TinyExperiment.Images(160).Skip(100)));
        var experiment = _ml.MulticlassClassification.CreateDmcpExperiment(settings);
        Assert.Empty(experiment.ReadResult().RunDetails);
        // Who only looks makes nothing.
        Assert.False(Directory.Exists(Folder));
        var result = experiment.Execute(train, validation, progressHandler: new Observer(seen.Add));

        Assert.Equal([0.8, 0.8, 0.2, 0.2, 0.4, 0.4], result.RunDetails.Select(t => t.Budget!.Limits[0].Amount));
        Assert.All(result.RunDetails, t => Assert.True(t.Cost * 1e6 <= t.Budget!.Limits[0].Amount * t.ChannelConfig!.UnprunedFlops));
        // alpha of the nearest budget that was searched before.
        Assert.Equal([null, 2, 2], result.RunDetails.Where(t => t.Method == DmcpTrialMethod.Dmcp).Select(t => t.Neighbour));
        // Of the two at every budget one goes on.
        var atBudgets = result.RunDetails.GroupBy(t => t.Budget!.ToString());
        Assert.Equal([1, 1, 1], atBudgets.Select(b => b.Count(t => t.State == DmcpTrialState.Stopped)));
        Assert.All(result.RunDetails.Where(t => t.State == DmcpTrialState.Stopped), t =>
        {
            Assert.Contains("after 1 of 4 epochs its accuracy was", t.Reason);
            Assert.Contains("has no model: it is stopped", Assert.Throws<InvalidOperationException>(() => t.Model).Message);
        });
        Assert.Equal(4, result.BestRun!.Epochs.Count(e => e.Phase == TrainingPhase.Retrain));
        var front = result.ParetoFront.Select(t => (Cost: t.Cost!.Value, Accuracy: t.ValidationMetrics!.MicroAccuracy)).ToArray();
        Assert.All(front.Zip(front.Skip(1)), p => Assert.True(p.First.Cost < p.Second.Cost && p.First.Accuracy < p.Second.Accuracy));
        Assert.Contains(result.BestRun, result.ParetoFront);

        var best = result.BestRun;
        var metrics = _ml.MulticlassClassification.Evaluate(best.Model.Transform(validation));
        Assert.Equal(best.ValidationMetrics!.MicroAccuracy, metrics.MicroAccuracy);
        Assert.Equal(best.ValidationMetrics.LogLoss, metrics.LogLoss, 5);
        Assert.True(best.ValidationMetrics.MicroAccuracy > 0.8, $"{best}");
        Assert.Equal(best.ChannelConfig!.ToJson(), _ml.Model.GetPrunedNetwork(best.Model).ChannelConfig.ToJson());

        Assert.Equal(result.RunDetails.Select(t => (t.Number, t.State)).Prepend((1, DmcpTrialState.Completed)).ToHashSet(),
            seen.Where(t => t.IsOver).Select(t => (t.Number, t.State)).ToHashSet());
        Assert.Equal(ExperimentText.Of(result), ExperimentText.Of(experiment.ReadResult()));
    }

    [Fact]
    public void An_experiment_that_is_cancelled_goes_on_to_the_same_result_and_one_that_is_done_takes_more_trials()
    {
        var whole = Run(TinyExperiment.Settings(Path.Combine(_folder, "whole")));
        using var cancellation = new CancellationTokenSource();
        var reports = 0;
        var settings = TinyExperiment.Settings(Folder);
        settings.CancellationToken = cancellation.Token;
        settings.MaxTrials = 2;
        // In the training of the first trial: nothing is completed yet.
        void Cancel(DmcpTrial trial)
        {
            if (++reports == 9)
                cancellation.Cancel();
        }
        Assert.ThrowsAny<OperationCanceledException>(() => Run(settings, Cancel));
        settings.CancellationToken = default;
        Assert.Equal(2, Run(settings).RunDetails.Count);
        settings.MaxTrials = 6;
        Assert.Equal(ExperimentText.Of(whole), ExperimentText.Of(Run(settings)));
        // Nothing is left to do.
        Run(settings, trial => Assert.Fail($"{trial} was done again."));
    }

    [Fact]
    public void A_model_of_image_files_takes_the_transforms_in_front_of_it_along()
    {
        var data = Path.Combine(_folder, "images");
        foreach (var (label, index) in new[] { "café", "東京" }.Select((l, i) => (l, i)))
            for (var i = 0; i < 12; i++)
            {
                Directory.CreateDirectory(Path.Combine(data, label));
                using var image = TestImages.ToImage(TestImages.Pixels(index, new RandomSource(i)), TestImages.Size, TestImages.Size);
                image.Save(Path.Combine(data, label, $"{i}.png"));
            }
        var settings = TinyExperiment.Settings(Folder);
        (settings.Methods, settings.Budgets, settings.Name) = ([DmcpTrialMethod.Uniform], [Budget.FlopsRatio(0.5)], "prüfung 1");
        var rows = _ml.Data.LoadFromEnumerable(ImageFolder.List(data));
        var prepare = _ml.Transforms.LoadImages("Features", null, nameof(ImageFile.ImagePath))
            .Append(_ml.Transforms.ResizeImages("Features", 10, 10));
        var best = _ml.MulticlassClassification.CreateDmcpExperiment(settings).Execute(rows, preFeaturizer: prepare).BestRun!;
        var model = _ml.Model.Load(best.ModelPath!, out _);
        Assert.Equal(["café", "東京"], _ml.Model.GetPrunedNetwork(model).ClassNames);
        using var photo = MLImage.CreateFromFile(Path.Combine(data, "café", "3.png"));
        Assert.Equal(2, _ml.Model.CreateImageClassifier(model).Classify(photo, 2).Count);
        Assert.Equal(24, model.Transform(rows).GetColumn<float[]>("Score").Count());
    }

    [Fact]
    public void A_pre_trained_network_is_tuned_whole_once_and_pruned_by_every_method()
    {
        var given = Path.Combine(_folder, "given.ckpt");
        var prepared = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(Images()).Transform(Images());
        var network = TinyExperiment.Network.Describe(3, TinyExperiment.Size, TinyExperiment.Size, TinyExperiment.Classes);
        _ml.Transforms.PrunedRetrain(new PrunedRetrainOptions
        {
            Network = TinyExperiment.Network, ChannelConfig = UniformScaling.Find(network, Budget.FlopsRatio(1)), NumberOfEpochs = 2,
            CheckpointPath = given,
        }).Fit(prepared).Dispose();
        var settings = TinyExperiment.Settings(Folder);
        settings.Networks = [new DmcpNetwork(TinyExperiment.Network, given)];
        settings.Methods = [DmcpTrialMethod.Dmcp, DmcpTrialMethod.Uniform, DmcpTrialMethod.GlobalPruning];
        settings.Budgets = [Budget.FlopsRatio(0.5)];
        settings.StopEarly = false;
        var result = Run(settings);
        Assert.Equal(["Train 1", "Train 2", "WarmUp 1", "WarmUp 2"],
            result.SharedWeights.Single().Epochs.Select(e => $"{e.Phase} {e.Epoch}").Order(StringComparer.Ordinal));
        Assert.All(result.RunDetails, t => Assert.Equal(DmcpTrialState.Completed, t.State));
        Assert.All(result.RunDetails, t => Assert.Equal(RetrainMethod.FineTuning, _ml.Model.GetPrunedNetwork(t.Model).Method));
        Assert.NotNull(result.RunDetails[2].ChannelConfig!.Groups[0].Kept);
    }

    [Fact]
    public void Settings_that_decide_results_are_refused_when_they_differ_with_the_difference_and_the_others_may_change()
    {
        var settings = TinyExperiment.Settings(Folder);
        settings.MaxTrials = 1;
        settings.Methods = [DmcpTrialMethod.Uniform];
        Run(settings);
        settings.MaxExperimentTime = TimeSpan.FromHours(3);
        settings.OptimizingMetric = DmcpMetric.LogLoss;
        Run(settings);

        Refused(s => s.TrainingEpochs = 5, "epochs was '2 of shared weights, 1 of a search, 4 of a training', now it is");
        Refused(s => s.Seeds = [1, 2], "seeds was '1', now it is '1, 2'");
        Refused(s => s.LargestBudget = Budget.FlopsRatio(0.7), "budgets was 'from 20 % of the FLOPs to 80 % of the FLOPs'");
        Refused(s => s.ConfigureTraining = o => o.BatchSize = 8, "batchSize was '16', now it is '8'");
        Refused(s => s.Networks = [NetworkZoo.CifarResNet(20)], "networks was 'tiny ");
        var error = Assert.Throws<InvalidOperationException>(() => Run(settings, images: Images(90)));
        Assert.Contains("images was '79 ", error.Message);

        void Refused(Action<DmcpExperimentSettings> change, string difference)
        {
            var others = TinyExperiment.Settings(Folder);
            (others.MaxTrials, others.Methods) = (1, settings.Methods);
            change(others);
            var refused = Assert.Throws<InvalidOperationException>(() => Run(others));
            Assert.Contains(difference, refused.Message);
            Assert.Contains("give another Name and CheckpointFolder", refused.Message);
        }
    }

    [Fact]
    public void A_trial_that_cannot_be_done_says_why_and_the_experiment_goes_on()
    {
        var settings = TinyExperiment.Settings(Folder);
        settings.Networks = [TinyExperiment.Network, new NetworkArchitecture("wild", net => net.Linear(net.Flatten(net.ReLU(
            net.Conv(net.Input, 8, 3))), net.Classes))];
        settings.Methods = [DmcpTrialMethod.Uniform];
        settings.Budgets = [Budget.FlopsRatio(0.5)];
        // Diverges where there is no batch norm.
        settings.ConfigureTraining += o => (o.LearningRate, o.MaxGradientNorm) = (new LearningRateSchedule(Peak: 1e6), null);
        var result = Record.Exception(() => Run(settings));
        var trials = _ml.MulticlassClassification.CreateDmcpExperiment(settings).ReadResult().RunDetails;
        Assert.Equal(DmcpTrialState.Failed, trials[1].State);
        Assert.Contains("diverged", trials[1].Reason);
        Assert.True(trials[0].IsOver);
        Assert.True(result is null or InvalidOperationException);
    }

    [Fact]
    public void What_goes_wrong_in_an_observer_ends_the_experiment_and_no_trial()
    {
        var settings = TinyExperiment.Settings(Folder);
        var error = Assert.Throws<InvalidOperationException>(
            () => Run(settings, t => throw new InvalidOperationException("of the observer")));
        Assert.Equal("of the observer", error.Message);
        var trials = _ml.MulticlassClassification.CreateDmcpExperiment(settings).ReadResult();
        Assert.Equal(DmcpTrialState.Waiting, trials.SharedWeights.Single().State);
    }

    [Fact]
    public void Time_that_is_over_before_anything_is_done_is_a_timeout_as_in_MLNET()
    {
        var settings = TinyExperiment.Settings(Folder);
        settings.MaxExperimentTime = TimeSpan.FromTicks(1); // Over at once, without a timer, which a busy machine may call too late.
        var error = Assert.Throws<TimeoutException>(() => Run(settings));
        Assert.Contains("Run the experiment again, which goes on", error.Message);
    }

    [Fact]
    public void Settings_out_of_range_are_refused_when_the_experiment_is_made()
    {
        void Refuses(string name, Action<DmcpExperimentSettings> change)
        {
            var settings = TinyExperiment.Settings(Folder);
            change(settings);
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.CreateDmcpExperiment(settings));
            Assert.StartsWith($"{name} is ", error.Message);
        }
        Refuses("MaxExperimentTime", s => s.MaxExperimentTime = TimeSpan.Zero);
        Refuses("MaxTrials", s => s.MaxTrials = 0);
        Refuses("Budgets", s => s.Budgets = []);
        Refuses("Budgets", s => s.Budgets = [Budget.FlopsRatio(0.5), Budget.MFlops(1)]);
        Refuses("Budgets", s => s.Budgets = [Budget.FlopsRatio(0.5), Budget.FlopsRatio(0.5)]);
        Refuses("LargestBudget", s => s.LargestBudget = Budget.FlopsRatio(0.1));
        Refuses("LargestBudget", s => s.LargestBudget = Budget.ParametersRatio(0.5));
        Refuses("SmallestBudget", s => s.SmallestBudget = Budget.FlopsRatio(0.1).And(Budget.ParametersRatio(0.5)));
        Refuses("Networks", s => s.Networks = []);
        Refuses("Networks", s => s.Networks = [TinyExperiment.Network, TinyExperiment.Network]);
        Refuses("Methods", s => s.Methods = [DmcpTrialMethod.SharedWeights]);
        Refuses("Methods", s => s.Methods = []);
        Refuses("Seeds", s => s.Seeds = [1, 1]);
        Refuses("SharedEpochs", s => s.SharedEpochs = 0);
        Refuses("RetrainMethod", s => s.RetrainMethod = RetrainMethod.Calibration);
        Refuses("ValidationFraction", s => s.ValidationFraction = 1);
        Refuses("CheckpointFolder", s => s.CheckpointFolder = " ");
        Refuses("Name", s => s.Name = "a\0b");
        Refuses("WorkerTimeout", s => s.WorkerTimeout = TimeSpan.Zero);
    }

    [Fact]
    public void A_budget_out_of_reach_is_refused_before_anything_is_trained()
    {
        var settings = TinyExperiment.Settings(Folder);
        settings.SmallestBudget = Budget.FlopsRatio(0.0001);
        var error = Assert.Throws<BudgetOutOfReachException>(() => Run(settings, t => Assert.Fail("Something was trained.")));
        Assert.Contains("is below the narrowest network 'tiny'", error.Message);
    }

    private DmcpExperimentResult Run(DmcpExperimentSettings settings, Action<DmcpTrial>? report = null, IDataView? images = null) =>
        _ml.MulticlassClassification.CreateDmcpExperiment(settings)
            .Execute(images ?? Images(), progressHandler: report is null ? null : new Observer(report));
}
