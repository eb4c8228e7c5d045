using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Dmcp.Tests.Search;
using Microsoft.ML.Dmcp.Training.Progress;

namespace Microsoft.ML.Dmcp.Tests.Training;

public sealed class TensorBoardLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-board").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("123456789", 0xE3069283)]
    [InlineData("", 0)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x22620404)]
    public void Checksums_are_those_that_TensorBoard_verifies(string text, uint checksum)
    {
        Assert.Equal(checksum, Crc32C.Of(Encoding.ASCII.GetBytes(text)));
        Assert.Equal(checksum, EventReader.Checksum(Encoding.ASCII.GetBytes(text)));
    }

    [Fact]
    public void A_search_gives_curves_of_its_losses_and_costs_over_its_iterations()
    {
        var before = Now();
        using (var board = new TensorBoardLog(_folder))
        {
            var log = board.Log("search");
            log(Reports.WarmUp(1, 10));
            log(Reports.Search(2, 5));
            log(Reports.Search(3, 10));
        }
        var file = Directory.GetFiles(Path.Combine(_folder, "search")).Single();
        Assert.Matches(
            $@"^events\.out\.tfevents\.\d{{10}}\.{System.Text.RegularExpressions.Regex.Escape(Environment.MachineName)}\.",
            Path.GetFileName(file));
        var events = EventReader.Read(file);
        Assert.Equal(["brain.Event:2", null, null, null], events.Select(e => e.FileVersion));
        Assert.Equal([0, 10, 15, 30], events.Select(e => e.Step));
        Assert.All(events, e => Assert.InRange(e.WallTime, before, Now()));
        var common = new Dictionary<string, float>
        {
            ["train/loss"] = 1.5f,
            ["train/accuracy"] = 0.625f,
            ["train/learning_rate"] = 0.05f,
            ["train/images_per_second"] = 1234.4f,
        };
        Assert.Empty(events[0].Scalars);
        Assert.Equal(common, events[1].Scalars);
        Assert.Equal(
            new Dictionary<string, float>(common)
            {
                ["search/architecture_loss"] = 2.25f,
                ["search/budget_loss"] = 0.125f,
                ["search/expected_mflops"] = 21.5f,
                ["search/target_mflops"] = 20.41f,
                ["search/expected_mparameters"] = 0.25f,
                ["search/target_mparameters"] = 0.125f,
            },
            events[2].Scalars);
    }

    [Fact]
    public void A_running_search_is_seen_while_its_file_is_open()
    {
        using var board = new TensorBoardLog(_folder);
        var log = board.Log("search");
        var run = Path.Combine(_folder, "search");
        Assert.Single(EventReader.ReadRun(run));
        for (var batch = 1; batch <= 10; batch++)
        {
            log(Reports.Search(1, batch));
            Assert.Equal(batch, EventReader.ReadRun(run)[^1].Step);
        }
    }

    [Fact]
    public void A_loss_that_was_not_computed_is_left_out_and_not_drawn_as_zero()
    {
        using var board = new TensorBoardLog(_folder);
        board.Log("slimmable")(
            Reports.Retrain(1, 1) with { Loss = double.NaN, Accuracy = double.NaN, ImagesPerSecond = double.PositiveInfinity });
        Assert.Equal(["train/learning_rate"], EventReader.ReadRun(Path.Combine(_folder, "slimmable"))[^1].Scalars.Keys);
    }

    [Fact]
    public void Runs_have_folders_of_their_own_and_one_name_is_one_run()
    {
        using (var board = new TensorBoardLog(_folder))
        {
            board.Log("search")(Reports.Search(1, 1));
            board.Log("search")(Reports.Search(1, 2));
            board.Log("baselines/uniform")(Reports.Retrain(1, 3));
        }
        Assert.Equal([0, 1, 2], EventReader.ReadRun(Path.Combine(_folder, "search")).Select(e => e.Step));
        Assert.Equal([0, 3], EventReader.ReadRun(Path.Combine(_folder, "baselines", "uniform")).Select(e => e.Step));
    }

    [Fact]
    public void A_search_that_resumes_later_keeps_the_curves_of_before()
    {
        using (var board = new TensorBoardLog(_folder))
            board.Log("search")(Reports.Search(1, 1));
        using (var board = new TensorBoardLog(_folder))
            board.Log("search")(Reports.Search(1, 2));
        var files = Directory.GetFiles(Path.Combine(_folder, "search")).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal([1, 2], files.Select(f => EventReader.Read(f)[^1].Step));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_fails_before_hours_of_search()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        Assert.Contains($"'{file}' cannot be written", Assert.Throws<IOException>(() => new TensorBoardLog(file)).Message);
        using var board = new TensorBoardLog(_folder);
        Assert.Contains($"'{file}' cannot be written", Assert.Throws<IOException>(() => board.Log("file")).Message);
        Assert.Throws<ArgumentException>(() => new TensorBoardLog(" "));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("../elsewhere")]
    [InlineData("/elsewhere")]
    public void A_run_cannot_be_written_outside_of_the_folder(string run)
    {
        using var board = new TensorBoardLog(_folder);
        Assert.Throws<ArgumentException>(() => board.Log(run));
    }

    [Fact]
    public void A_log_used_after_its_end_says_so()
    {
        var board = new TensorBoardLog(_folder);
        var log = board.Log("search");
        board.Dispose();
        board.Dispose();
        Assert.Throws<ObjectDisposedException>(() => log(Reports.Search(1, 1)));
        Assert.Throws<ObjectDisposedException>(() => board.Log("search"));
    }

    [Fact]
    public void A_real_search_is_shown_on_the_console_and_in_TensorBoard_by_one_callback()
    {
        var lines = new StringWriter();
        using var board = new TensorBoardLog(_folder);
        var console = new ConsoleProgress(lines, isTerminal: false);
        using (var run = new SearchRun(epochs: 2, images: 64, report: console.Show("tiny") + board.Log("tiny")))
            run.Search.Run();
        Assert.Equal(2, lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        var events = EventReader.ReadRun(Path.Combine(_folder, "tiny"));
        Assert.Equal([0, 1, 2, 3, 4], events.Select(e => e.Step));
        Assert.Contains("search/expected_mflops", events[^1].Scalars.Keys);
    }

    [Fact]
    public void A_disk_that_is_full_for_a_while_costs_some_points_of_the_curves_and_not_the_search()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var warnings = new List<string>();
        using var board = new TensorBoardLog(_folder);
        var log = board.Log("search");
        var file = Directory.GetFiles(Path.Combine(_folder, "search")).Single();
        var descriptor = Directory.GetFiles("/proc/self/fd").First(fd => new FileInfo(fd).LinkTarget == file);
        var (number, kept) = (int.Parse(Path.GetFileName(descriptor)), dup(int.Parse(Path.GetFileName(descriptor))));
        using var full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
        var reports = 0;
        void FillsTheDisk(TrainingProgress _)
        {
            // The second and third of four reports meet a device that answers "No space left on device".
            if (++reports is 2 or 4)
                Assert.Equal(number, dup2(reports == 2 ? full.DangerousGetHandle().ToInt32() : kept, number));
        }
        using (var run = new SearchRun(epochs: 2, images: 64, report: (Action<TrainingProgress>)FillsTheDisk + log, warning: warnings.Add))
            run.Search.Run();
        Assert.Equal(4, reports);
        Assert.Contains("No space left on device", Assert.Single(warnings));
        Assert.Equal([0, 1, 4], EventReader.Read(file).Select(e => e.Step));
        Assert.Equal(0, close(kept));
    }

    [DllImport("libc")]
    private static extern int dup(int descriptor);

    [DllImport("libc")]
    private static extern int dup2(int descriptor, int as_);

    [DllImport("libc")]
    private static extern int close(int descriptor);

    private static double Now() => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
}
