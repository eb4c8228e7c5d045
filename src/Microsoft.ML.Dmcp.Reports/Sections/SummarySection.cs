using System.Xml.Linq;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Networks;
using Microsoft.ML.Dmcp.Reports.Evaluations;
using Microsoft.ML.Dmcp.Reports.Page;

namespace Microsoft.ML.Dmcp.Reports.Sections;

/// <summary>What is left of the network, how well it does, and whether the budget is met.</summary>
internal static class SummarySection
{
    public static XElement Of(PrunedRun run, HeldOutResult? evaluation, PruningReportOptions options)
    {
        var config = run.Config;
        XElement[] cards =
        [
            CostCard("Multiply-adds of an image", "M", config.Flops, config.UnprunedFlops),
            CostCard("Parameters", "M", config.Parameters, config.UnprunedParameters),
            .. evaluation is null ? [] : AccuracyCard(evaluation),
            .. options.MeasuredLatency is { } measured ? LatencyCard(measured) : [],
        ];
        return Html.Section("summary", "Summary",
            new XElement("dl", new XAttribute("class", "cards"), cards),
            BudgetOf(run),
            evaluation is null ? Html.Note("No held-out images were given: the report says nothing about accuracy.") : LeftOut(evaluation));
    }

    private static XElement CostCard(string name, string unit, long after, long before) => Card(
        name, CostText.Share(after, before),
        $"{CostText.Millions(after, before)} of {CostText.Millions(before)} {unit}");

    private static XElement[] AccuracyCard(HeldOutResult evaluation) =>
    [
        Card("Accuracy on held-out images", Numbers.Percent(evaluation.Accuracy),
            $"{Numbers.Whole(evaluation.Correct)} of {Numbers.Count(evaluation.Images, "image", "images")}; " +
            $"95 % interval {Numbers.Percent(evaluation.Interval.Low)} to {Numbers.Percent(evaluation.Interval.High)}"),
    ];

    private static XElement[] LatencyCard(MeasuredLatency measured) =>
    [
        Card("Measured time", Numbers.Milliseconds(measured.Milliseconds), measured.UnprunedMilliseconds is { } before
            ? $"{Numbers.Milliseconds(before)} unpruned"
            : measured.Conditions),
    ];

    private static XElement Card(string name, string large, string small) => new("div",
        new XElement("dt", name),
        new XElement("dd", new XAttribute("class", "large"), large),
        new XElement("dd", new XAttribute("class", "note"), small));

    private static object BudgetOf(PrunedRun run)
    {
        if (run.Limits.Count > 0)
            return Html.Table($"The budget: {run.BudgetText}", ["", "limit", "the network", "of the limit", "met?"],
                run.Limits.Select(limit => RowOf(limit, run.Widths)));
        return run.BudgetText is { } text
            ? new XElement("p", $"The budget was {text}. Whether it is met is not known here: " +
                "the model was loaded from a file, which does not keep the limits.")
            : new XElement("p", "The network has no budget: its widths were given.");
    }

    private static object[] RowOf(CostLimit limit, int[] widths)
    {
        var cost = limit.Cost.Count(widths);
        var met = cost <= limit.Most;
        var unit = limit.Metric == BudgetMetric.Latency ? "ms" : "M";
        return
        [
            limit.Metric == BudgetMetric.Latency ? "predicted time" : limit.Metric.Name(),
            $"{CostText.Millions(limit.Most)} {unit}", $"{CostText.Millions(cost, limit.Most)} {unit}", CostText.Share(cost, limit.Most),
            new XElement("span", new XAttribute("class", met ? "met" : "missed"), met ? "✓ met" : "✗ not met"),
        ];
    }

    private static XElement? LeftOut(HeldOutResult evaluation)
    {
        string[] parts =
        [
            .. evaluation.Unlabelled > 0
                ? [$"{Numbers.Count(evaluation.Unlabelled, "row has", "rows have")} no class that the network knows"] : (string[])[],
            .. evaluation.Unread > 0
                ? [$"the images of {Numbers.Count(evaluation.Unread, "row", "rows")} could not be read"] : (string[])[],
        ];
        return parts.Length == 0 ? null : Html.Note($"Left out of the held-out images: {string.Join(", and ", parts)}.");
    }
}
