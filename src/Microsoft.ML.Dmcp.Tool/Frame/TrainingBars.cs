using Spectre.Console;

namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>Where searches and trainings stand: on a terminal a bar each, in a pipe or a file a line an epoch.</summary>
internal static class TrainingBars
{
    /// <summary>Shows progress while something works.</summary>
    /// <param name="console">Where.</param>
    /// <param name="work">What works; the function that it gets makes the metrics callback of a named training.</param>
    public static T During<T>(IAnsiConsole console, Func<Func<string, Action<TrainingProgress>>, T> work)
    {
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi)
            return work(new ConsoleProgress(console.Profile.Out.Writer, isTerminal: false).Show);
        // Together less than the 80 columns of a usual terminal.
        var bar = new ProgressBarColumn { Width = 10 };
        return console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, bar, new PercentageColumn())
            .Start(context => work(name => Bar(context, name)));
    }

    private static Action<TrainingProgress> Bar(ProgressContext context, string name)
    {
        // Uniform widths, for one, are found without a report.
        ProgressTask? task = null;
        return progress =>
        {
            task ??= context.AddTask(Markup.Escape(name));
            task.MaxValue = (double)progress.Epochs * progress.Batches;
            task.Value = (progress.Epoch - 1.0) * progress.Batches + progress.Batch;
            task.Description = Markup.Escape(
                Text($"{name} {progress.Epoch}/{progress.Epochs}, {100 * progress.Accuracy:0.0} %{Costs(progress)}, ")
                + Text($"{(int)progress.TimeLeft.TotalHours}:{progress.TimeLeft:mm\\:ss} left"));
        };
    }

    private static string Costs(TrainingProgress progress) =>
        string.Concat(progress.Costs.Select(c => Text($", {c.Expected:0.0} of {c.Target:0.0} {UnitOf(c.Metric)}")));

    private static string UnitOf(BudgetMetric metric) => metric switch
    {
        BudgetMetric.Flops => "MFLOPs",
        BudgetMetric.Parameters => "M parameters",
        _ => "ms",
    };

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
