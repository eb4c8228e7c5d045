using Microsoft.ML.Dmcp;
using Spectre.Console;

namespace Dmcp.Samples.Shared;

/// <summary>Shows where searches and trainings stand: on a terminal a bar each, in files a line an epoch.</summary>
public sealed class RunProgress
{
    private readonly Func<string, Action<TrainingProgress>> _show;

    private RunProgress(Func<string, Action<TrainingProgress>> show) => _show = show;

    /// <summary>Shows progress on the console while something works.</summary>
    /// <param name="work">What works; it passes <see cref="Show"/> to the options of its runs.</param>
    public static T During<T>(Func<RunProgress, T> work) => During(SampleConsole.Output, work);

    /// <summary>Shows progress while something works.</summary>
    /// <param name="console">Where.</param>
    /// <param name="work">What works; it passes <see cref="Show"/> to the options of its runs.</param>
    public static T During<T>(IAnsiConsole console, Func<RunProgress, T> work)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(work);
        if (!console.Profile.Capabilities.Interactive)
            return work(new RunProgress(new ConsoleProgress(console.Profile.Out.Writer, isTerminal: false).Show));
        var bar = new ProgressBarColumn { Width = 20 };
        return console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, bar, new PercentageColumn(), new ElapsedTimeColumn())
            .Start(context => work(new RunProgress(name => Bar(context, name))));
    }

    /// <summary>A metrics callback that shows the progress of a run.</summary>
    /// <param name="name">What is trained, such as <c>search</c>.</param>
    public Action<TrainingProgress> Show(string name) => _show(name);

    private static Action<TrainingProgress> Bar(ProgressContext context, string name)
    {
        var task = context.AddTask(Markup.Escape(name), autoStart: false);
        return progress =>
        {
            if (!task.IsStarted)
                task.StartTask();
            task.MaxValue = (double)progress.Epochs * progress.Batches;
            task.Value = (progress.Epoch - 1.0) * progress.Batches + progress.Batch;
            var epoch = progress.Epoch;
            var accuracy = 100 * progress.Accuracy;
            var left = progress.TimeLeft;
            task.Description = Markup.Escape(FormattableString.Invariant(
                $"{name}: epoch {epoch}/{progress.Epochs}, accuracy {accuracy:0.0} %, {left:h\\:mm\\:ss} left"));
        };
    }
}
