using System.Xml.Linq;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Reports.Page;
using Microsoft.ML.Dmcp.Reports.Plots;
using OxyPlot.Axes;

namespace Microsoft.ML.Dmcp.Reports.Sections;

/// <summary>How the search and the training went, epoch by epoch.</summary>
internal static class CurveSection
{
    public static XElement Of(PrunedRun run)
    {
        // Choosing among trained structures has no epochs.
        var search = run.Search?.History.Where(p => p.Phase != TrainingPhase.Choose).ToArray() ?? [];
        var training = run.Network.History;
        if (search.Length == 0 && training.Count == 0)
            return Html.Section("curves", "Curves", new XElement("p",
                "There are no curves: nothing was trained in the process that made this report, or the model was loaded from a file."));
        XElement?[] figures =
        [
            Lines("plot-loss", "Loss", "mean cross entropy on the training images; in the search, of the widest network.",
                new("search", Points(search, p => p.Loss)), new("training", Points(training, p => p.Loss))),
            Lines("plot-accuracy", "Accuracy in %", "images that are classified correctly; in the search, by the widest network.",
                new("search", Points(search, p => 100 * p.Accuracy)), new("training", Points(training, p => 100 * p.Accuracy)),
                new("validation", Points(training, p => 100 * p.ValidationAccuracy))),
            .. search.SelectMany(p => p.Costs).Where(LeavesTheBudget).Select(c => c.Metric).Distinct().Order().Select(metric => Cost(search, metric)),
        ];
        return Html.Section("curves", "Curves",
            new XElement("div", new XAttribute("class", "plots"), figures),
            Html.Details("Table of the epochs", Table(search, training)));
    }

    // A search that is projected onto its budget draws a line of rounding errors.
    private static bool LeavesTheBudget(CostProgress cost) => Math.Abs(cost.Expected - cost.Target) > 1e-3 * cost.Target;

    private static XElement? Cost(IReadOnlyList<TrainingProgress> search, BudgetMetric metric) => Lines(
        $"plot-{metric.Name()}", $"Expected cost in {metric.Unit()}", "of structures drawn from the search, and the budget.",
        new("expected", Points(search, p => p.Costs.FirstOrDefault(c => c.Metric == metric)?.Expected)),
        new("budget", Points(search, p => p.Costs.FirstOrDefault(c => c.Metric == metric)?.Target)));

    private static XElement? Lines(string id, string name, string caption, params Curve[] curves)
    {
        var drawn = curves.Where(c => c.Points.Count > 0).ToArray();
        if (drawn.Length == 0)
            return null;
        var description = $"{name} over the epochs: {string.Join(", ", drawn.Select(Ends))}.";
        return Html.Figure(name, caption, CurvePlot.Draw(id, Epochs(), description, drawn));
    }

    private static LinearAxis Epochs()
    {
        var axis = Plot.Numbers(AxisPosition.Bottom, "epoch");
        axis.MinimumMajorStep = 1;
        return axis;
    }

    private static string Ends(Curve curve) =>
        $"{curve.Name} from {Numbers.Short(curve.Points[0].Y)} to {Numbers.Short(curve.Points[^1].Y)}";

    private static (double, double)[] Points(IReadOnlyList<TrainingProgress> epochs, Func<TrainingProgress, double?> value) => epochs
        .Select(p => (Epoch: (double)p.Epoch, Value: value(p) ?? double.NaN))
        .Where(p => double.IsFinite(p.Value))
        .ToArray();

    private static XElement Table(IReadOnlyList<TrainingProgress> search, IReadOnlyList<TrainingProgress> training) => Html.Table(
        "The end of every epoch", ["phase", "epoch", "loss", "accuracy", "validation", "learning rate", "expected cost"],
        search.Concat(training).Select(p => (object[])
        [
            PhaseText(p.Phase), $"{Numbers.Whole(p.Epoch)} of {Numbers.Whole(p.Epochs)}",
            Numbers.Short(p.Loss), Numbers.Percent(p.Accuracy), Numbers.Percent(p.ValidationAccuracy ?? double.NaN),
            Numbers.Short(p.LearningRate),
            p.Costs.Count == 0 ? "–"
                : string.Join(", ", p.Costs.Select(c => $"{Numbers.Short(c.Expected)} of {Numbers.Short(c.Target)} {c.Metric.Unit()}")),
        ]));

    private static string PhaseText(TrainingPhase phase) => phase switch
    {
        TrainingPhase.WarmUp => "search, warm-up",
        TrainingPhase.Search => "search",
        TrainingPhase.Train => "search, weights",
        _ => "training",
    };
}
