namespace Microsoft.ML.Dmcp.Tests.Distributed;

/// <summary>Whatever happens to a rank, the job ends or waits, and the last checkpoint resumes.</summary>
[Collection(MpiCollection.Name)]
public sealed class MpiFaultTests : IDisposable
{
    // In the third epoch of four: every iteration writes the checkpoint.
    private const string InTheMiddle = "at=400";

    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-ranks").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [MpiFact]
    public void A_search_that_lost_a_rank_resumes_to_the_state_of_one_whose_rank_only_stood_still()
    {
        var stopped = MpiRun.Of(2, "fit", Checkpoint("stopped"), InTheMiddle, "happens=stop@1", "seconds=1");
        Assert.True(stopped.Status == 0, stopped.Output);

        var killed = MpiRun.Of(2, "fit", Checkpoint("killed"), InTheMiddle, "happens=kill@1");
        Assert.NotEqual(0, killed.Status);
        Assert.DoesNotContain("found", killed.Output, StringComparison.Ordinal);

        var resumed = MpiRun.Of(2, "fit", Checkpoint("killed"));
        Assert.True(resumed.Status == 0, resumed.Output);
        Assert.Contains("Resumed after batch", resumed.Output, StringComparison.Ordinal);
        Assert.Equal(Line(stopped.Output, "found"), Line(resumed.Output, "found"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "stopped")), File.ReadAllBytes(Path.Combine(_folder, "killed")));
    }

    [MpiFact]
    public void A_rank_that_throws_ends_the_training_with_its_reason_and_another_number_of_ranks_resumes_it()
    {
        var thrown = MpiRun.Of(2, "fit", "step=train", "norms=own", Checkpoint("thrown"), "at=60", "happens=throw@1");
        Assert.NotEqual(0, thrown.Status);
        Assert.Contains("Rank 1 of 2 ends the run: InvalidDataException: This rank's disk is full of moths.", thrown.Output,
            StringComparison.Ordinal);

        var resumed = MpiRun.Alone("fit", "step=train", "norms=own", Checkpoint("thrown"));
        Assert.True(resumed.Status == 0, resumed.Output);
        Assert.Contains("Resumed after batch", resumed.Output, StringComparison.Ordinal);
        Assert.Contains("trained", resumed.Output, StringComparison.Ordinal);
    }

    [MpiFact]
    public void Ranks_that_wait_for_one_that_stands_still_for_good_end_the_job_after_their_time_out()
    {
        var (status, output) = MpiRun.Of(2, "fit", "at=20", "happens=stop@1", "seconds=5", "timeout=1@0");
        Assert.NotEqual(0, status);
        Assert.Matches("Rank 0 of 2 ends the run: it waited 0.02 minutes for .*: another rank stands still.", output);
    }

    [MpiFact]
    public void Ranks_with_other_data_options_or_versions_are_told_the_difference_before_they_begin()
    {
        var (status, output) = MpiRun.Of(2, "refusals");
        Assert.True(status == 0, output);
        string[] differences =
        [
            "seed=2@1: The ranks cannot run together: the seed is '2' on rank 1, and '1' on rank 0.",
            "batch=8@1: The ranks cannot run together: the setting batchSize is '8' on rank 1, and '16' on rank 0.",
            "images=100@1: The ranks cannot run together: the number and SHA-256 of the images is '100 ",
            "dataSeed=2@1: The ranks cannot run together: the number and SHA-256 of the images is '96 ",
            "epochs=3@1: The ranks cannot run together: the setting epochs",
            "norms=own@1: The ranks cannot run together: the setting batchNorm is 'of each rank' on rank 1, and not set on rank 0.",
            "step=train@1: The ranks cannot run together: the step is 'retraining' on rank 1, and 'dmcp search' on rank 0.",
            "checkpoint=/nowhere@1: The ranks cannot run together: the checkpoint, which all must see, is 'not there yet' on rank 1",
            "version: The ranks cannot run together: the version is '2.0' on rank 1, and '1.0' on rank 0.",
        ];
        Assert.All(differences, difference => Assert.Contains(difference, output, StringComparison.Ordinal));
    }

    private string Checkpoint(string name) => $"checkpoint={Path.Combine(_folder, name)}";

    private static string Line(string output, string beginning) =>
        output.Split('\n').Select(line => line.Trim()).Single(line => line.StartsWith(beginning, StringComparison.Ordinal));
}
