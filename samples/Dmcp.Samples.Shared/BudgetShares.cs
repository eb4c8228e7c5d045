using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.ML.Dmcp;

namespace Dmcp.Samples.Shared;

/// <summary>What a pruned network may use, as shares of what the unpruned one uses; null for as much as it likes.</summary>
/// <param name="Flops">Share of the multiply-adds.</param>
/// <param name="Parameters">Share of the parameters.</param>
/// <param name="Latency">Share of the milliseconds.</param>
public sealed record BudgetShares(double? Flops, double? Parameters = null, double? Latency = null)
{
    private const string FlopsName = "flops", ParametersName = "parameters", LatencyName = "latency";

    /// <summary>All that the unpruned network uses.</summary>
    public static BudgetShares All { get; } = new(Flops: 1);

    /// <summary>How files of results are named.</summary>
    [JsonIgnore]
    public string Id => string.Concat(Limits.Select(limit => (limit.Name == FlopsName ? "" : limit.Name[..1]) + Percent(limit.Share)));

    private IEnumerable<(string Name, double Share)> Limits =>
        new (string Name, double? Share)[] { (FlopsName, Flops), (ParametersName, Parameters), (LatencyName, Latency) }
            .Where(limit => limit.Share is not null).Select(limit => (limit.Name, limit.Share!.Value));

    /// <summary>An option for budgets.</summary>
    /// <param name="hasLatency">Whether milliseconds can be limited.</param>
    /// <param name="usual">Shares of the FLOPs when none are given.</param>
    public static Option<BudgetShares[]> Option(bool hasLatency, params double[] usual) => new("--budgets")
    {
        Description = "What the pruned networks may use, as shares of the unpruned one's: 0.5 (of the FLOPs), parameters=0.1, "
            + $"{(hasLatency ? "latency=0.3 (ONNX Runtime, one thread), " : "")}or both as flops=0.5,parameters=0.2.",
        HelpName = "SHARES",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result =>
        {
            try
            {
                return result.Tokens.Select(token => Parse(token.Value, hasLatency)).ToArray();
            }
            catch (FormatException e)
            {
                result.AddError($"--budgets: {e.Message}");
                return [];
            }
        },
        DefaultValueFactory = _ => usual.Select(share => new BudgetShares(share)).ToArray(),
    };

    /// <summary>The budget.</summary>
    /// <param name="table">Gives the times of layers where milliseconds are limited.</param>
    public Budget ToBudget(Func<LatencyTable>? table = null) => Limits
        .Select(limit => limit.Name switch
        {
            FlopsName => Budget.FlopsRatio(limit.Share),
            ParametersName => Budget.ParametersRatio(limit.Share),
            _ => Budget.LatencyRatio(limit.Share, table!()),
        })
        .Aggregate((one, other) => one.And(other));

    /// <inheritdoc/>
    public override string ToString() => string.Join(" and ",
        Limits.Select(limit => $"{Percent(limit.Share)} % of the {(limit.Name == FlopsName ? "FLOPs" : limit.Name)}"));

    private static BudgetShares Parse(string text, bool hasLatency)
    {
        string[] names = hasLatency ? [FlopsName, ParametersName, LatencyName] : [FlopsName, ParametersName];
        var shares = new Dictionary<string, double>();
        foreach (var words in text.Split(',').Select(part => part.Split('=')))
        {
            var name = words.Length == 1 ? FlopsName : words[0];
            if (words.Length > 2 || !names.Contains(name) || !double.TryParse(words[^1], CultureInfo.InvariantCulture, out var share)
                || share is not (> 0 and <= 1) || !shares.TryAdd(name, share))
                throw new FormatException($"'{text}' is no budget; needed are shares in (0, 1] of {string.Join(", ", names)}, each once, "
                    + "such as 0.5 (of the FLOPs) or flops=0.5,parameters=0.2.");
        }
        double? Of(string name) => shares.TryGetValue(name, out var share) ? share : null;
        return new BudgetShares(Of(FlopsName), Of(ParametersName), Of(LatencyName));
    }

    private static string Percent(double share) => (100 * share).ToString("0.##", CultureInfo.InvariantCulture);
}
