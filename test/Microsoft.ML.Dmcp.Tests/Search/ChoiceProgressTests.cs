using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Search;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Search;

/// <summary>Searches that choose among structures take minutes after their training: the user sees their progress.</summary>
public class ChoiceProgressTests
{
    public static TheoryData<string> Methods => new("autoslim", "random", "evolutionary");

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_choice_after_a_training_reports_how_far_it_is_and_the_best_accuracy_so_far(string method)
    {
        var reports = new List<TrainingProgress>();
        Find(method, reports.Add);
        Assert.All(reports.TakeWhile(r => r.Phase != TrainingPhase.Choose), r => Assert.Equal(TrainingPhase.Train, r.Phase));
        var choice = reports.SkipWhile(r => r.Phase != TrainingPhase.Choose).ToArray();
        Assert.True(choice.Length >= 2, $"{choice.Length} reports");
        Assert.All(choice, r => Assert.Equal(TrainingPhase.Choose, r.Phase));
        Assert.Equal(choice.Select(r => r.Batch).Order(), choice.Select(r => r.Batch));
        Assert.Equal(choice.Select(r => r.Accuracy).Order(), choice.Select(r => r.Accuracy));
        Assert.All(choice[..^1], r => Assert.True(r.Batch < r.Batches));
        Assert.True(choice[^1].EndsEpoch);
        Assert.InRange(choice[^1].Accuracy, 0.25, 1);
    }

    [Fact]
    public void An_exception_of_a_callback_in_the_choice_reaches_the_caller_as_it_was_thrown() =>
        Assert.Throws<NotImplementedTestException>(() => Find("random", r =>
        {
            if (r.Phase == TrainingPhase.Choose)
                throw new NotImplementedTestException();
        }));

    private static void Find(string method, Action<TrainingProgress> report)
    {
        SlimmableSearchOptions options = method switch
        {
            "autoslim" => new AutoSlimOptions(),
            "random" => new RandomStructuresOptions { NumberOfStructures = 25 },
            _ => new EvolutionarySearchOptions { Population = 10, Generations = 4 },
        };
        options.Network = TestImages.Network;
        options.NumberOfEpochs = 1;
        options.BatchSize = 32;
        options.EvaluationShare = 0.5;
        options.CalibrationBatches = 1;
        options.MetricsCallback = report;
        options.Check();
        var set = TestImages.Set(64, seed: 1);
        using var source = new BatchSource(set.Shape, Normalization.Of(set), CPU);
        var network = options.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
        var task = new SearchTask(network, new ImageBatches(set, source, options.BatchSize), 1, RunLog.None);
        using var search = SearchMethods.Create(options, task);
        search.Run();
    }

    private sealed class NotImplementedTestException : Exception;
}
