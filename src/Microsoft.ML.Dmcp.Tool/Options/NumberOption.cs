using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Microsoft.ML.Dmcp.Tool.Options;

/// <summary>Options whose values are numbers within bounds.</summary>
internal static class NumberOption
{
    /// <summary>A whole number with a default.</summary>
    public static Option<int> Whole(string name, string description, int usual, int least, int most = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => usual,
        CustomParser = argument => WholeOf(name, argument, least, most),
    };

    /// <summary>A whole number that may be left out.</summary>
    public static Option<int?> WholeOrNone(string name, string description, int least, int most = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = argument => WholeOf(name, argument, least, most),
    };

    /// <summary>A number above zero that may be left out.</summary>
    public static Option<double?> PositiveOrNone(string name, string description, double most = double.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        CustomParser = argument => PositiveOf(name, argument, most),
    };

    private static int WholeOf(string name, ArgumentResult argument, int least, int most)
    {
        var text = argument.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
            return number;
        var range = most == int.MaxValue ? $"of {least} or more" : $"from {least} to {most}";
        argument.AddError($"{name} is '{text}'; needed is a whole number {range}.");
        return least;
    }

    private static double? PositiveOf(string name, ArgumentResult argument, double most)
    {
        var text = argument.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most)
            return number;
        var range = most == double.MaxValue ? "above 0" : FormattableString.Invariant($"above 0 and at most {most}");
        argument.AddError($"{name} is '{text}'; needed is a number {range}.");
        return null;
    }
}
