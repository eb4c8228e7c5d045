using System.CommandLine;
using System.Globalization;

namespace Microsoft.ML.Dmcp.Tool.Options;

/// <summary>Options that limit what a network may cost: a share of the unpruned one, or millions.</summary>
internal static class CostLimitOption
{
    /// <summary>An option for one limit.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="what">What is limited.</param>
    public static Option<string?> Create(string name, string what)
    {
        var option = new Option<string?>(name)
        {
            Description = $"{what} at most: a share (0.25 or 25%) of those of the unpruned network, or millions (43M).",
            HelpName = "LIMIT",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && Problem(name, text) is { } problem)
                result.AddError(problem);
        });
        return option;
    }

    /// <summary>What is wrong with a limit; null for nothing.</summary>
    public static string? Problem(string name, string text) => Read(text) is null
        ? $"{name} is '{text}'; needed is a share such as 0.25 or 25%, or millions such as 43M."
        : null;

    /// <summary>The budget of a limit that has no <see cref="Problem"/>.</summary>
    public static Budget Of(string text, Func<double, Budget> share, Func<double, Budget> millions)
    {
        var (amount, isShare) = Read(text)!.Value;
        return isShare ? share(amount) : millions(amount);
    }

    private static (double Amount, bool IsShare)? Read(string text)
    {
        var (digits, scale, isShare) = text switch
        {
            [.. var percent, '%'] => (percent, 0.01, true),
            [.. var millions, 'M' or 'm'] => (millions, 1, false),
            _ => (text, 1, true),
        };
        return double.TryParse(digits.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number > 0 && number * scale is var amount && (isShare ? amount <= 1 : double.IsFinite(amount))
            ? (amount, isShare)
            : null;
    }
}
