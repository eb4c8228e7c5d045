using System.Globalization;
using System.Net;
using System.Text;
using Dmcp.AutoML.Experiments;

namespace Dmcp.AutoML;

/// <summary>An experiment as one file to keep: what was asked for, the front, and every trial.</summary>
internal static class ReportPage
{
    public static string Of(ExperimentState state)
    {
        var trials = state.Trials.Where(t => t.Budget is not null).ToArray();
        var page = new StringBuilder();
        page.Append("<!doctype html><meta charset=utf-8><title>").Append(Text(state.Name)).Append("</title><style>")
            .Append("body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2430}")
            .Append("table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #d5dbe3}")
            .Append("td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}tr.front{background:#e8f3ec}</style>");
        var request = state.Request;
        page.Append("<h1>").Append(Text(state.Name)).Append("</h1><p>").Append(Text(string.Create(CultureInfo.InvariantCulture,
            $"{request.Network} at {request.ImageSize}x{request.ImageSize} pixels, budgets from {request.SmallestBudget:P0} to " +
            $"{request.LargestBudget:P0} of its FLOPs; {request.SharedEpochs} epochs of shared weights, {request.SearchEpochs} of a " +
            $"search, {request.TrainingEpochs} of a training. {trials.Count(t => t.State == "Completed")} trials completed, " +
            $"{trials.Count(t => t.State == "Stopped")} stopped early. Green: the front of accuracy against cost."))).Append("</p>");
        page.Append("<table><tr><th>trial<th>what<th class=n>MFLOPs<th class=n>M parameters<th class=n>accuracy<th class=n>log loss")
            .Append("<th class=n>seconds<th>outcome");
        foreach (var trial in trials.OrderBy(t => t.Cost ?? double.MaxValue))
            page.Append(trial.OnFront ? "<tr class=front>" : "<tr>")
                .Append(CultureInfo.InvariantCulture, $"<td>{trial.Number}<td>{Text(trial.What)}<td class=n>{trial.Cost:0.###}")
                .Append(CultureInfo.InvariantCulture, $"<td class=n>{trial.Parameters * 1e-6:0.####}")
                .Append(CultureInfo.InvariantCulture, $"<td class=n>{100 * trial.Metrics?.MicroAccuracy:0.0}")
                .Append(CultureInfo.InvariantCulture, $"<td class=n>{trial.Metrics?.LogLoss:0.000}<td class=n>{trial.Seconds:0}")
                .Append(CultureInfo.InvariantCulture, $"<td>{Text(trial.State)}{(trial.Reason is null ? "" : ": " + Text(trial.Reason))}");
        return page.Append("</table>").ToString();
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
