using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.ML.Dmcp;

namespace Dmcp.Compare;

/// <summary>What a pruned network may use, as shares of what the unpruned one uses.</summary>
/// <param name="Flops">Share of the multiply-adds; null for as many as it likes.</param>
/// <param name="Parameters">Share of the parameters; null for as many as it likes.</param>
internal sealed record BudgetShares(double? Flops, double? Parameters)
{
    private const string FlopsName = "flops", ParametersName = "parameters";

    /// <summary>All that the unpruned network uses.</summary>
    public static BudgetShares All { get; } = new(1, null);

    /// <summary>The budget that searches get.</summary>
    [JsonIgnore]
    public Budget Budget => (Flops, Parameters) switch
    {
        ({ } flops, { } parameters) => Budget.FlopsRatio(flops).And(Budget.ParametersRatio(parameters)),
        ({ } flops, null) => Budget.FlopsRatio(flops),
        (null, { } parameters) => Budget.ParametersRatio(parameters),
        _ => throw new InvalidOperationException("Neither FLOPs nor parameters are limited."),
    };

    /// <summary>How files of results are named.</summary>
    [JsonIgnore]
    public string Id => $"{Percent(Flops)}{(Parameters is null ? "" : "p")}{Percent(Parameters)}";

    /// <summary>Reads <c>0.5</c> or <c>flops=0.5</c>, <c>parameters=0.1</c>, <c>flops=0.5,parameters=0.2</c>.</summary>
    /// <exception cref="FormatException">It is none of these; the message says so.</exception>
    public static BudgetShares Parse(string text)
    {
        var shares = text.Split(',').Select(part => part.Split('=')).Select(Limit).ToArray();
        if (shares.Select(s => s.Name).Distinct().Count() < shares.Length)
            throw Unreadable();
        double? Of(string name) => shares.Where(s => s.Name == name).Select(s => (double?)s.Share).FirstOrDefault();
        return new BudgetShares(Of(FlopsName), Of(ParametersName));

        (string Name, double Share) Limit(string[] words)
        {
            var name = words.Length == 1 ? FlopsName : words[0];
            return words.Length <= 2 && name is FlopsName or ParametersName
                && double.TryParse(words[^1], CultureInfo.InvariantCulture, out var share) && share is > 0 and <= 1
                ? (name, share) : throw Unreadable();
        }

        FormatException Unreadable() =>
            new($"'{text}' is no budget; needed are shares in (0, 1], such as 0.5, parameters=0.1 or flops=0.5,parameters=0.2.");
    }

    public override string ToString() => (Flops, Parameters) switch
    {
        ({ } flops, { } parameters) => $"{Percent(flops)} % of the FLOPs and {Percent(parameters)} % of the parameters",
        ({ } flops, null) => $"{Percent(flops)} % of the FLOPs",
        (_, var parameters) => $"{Percent(parameters)} % of the parameters",
    };

    private static string Percent(double? share) => (100 * share)?.ToString("0.##", CultureInfo.InvariantCulture) ?? "";
}
