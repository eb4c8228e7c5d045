using System.CommandLine;

namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>What is wrong with a line, in one line.</summary>
internal static class LineErrors
{
    /// <summary>The errors of a parsed line, the nearest known names, and where help is.</summary>
    public static string Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var line = parsed.CommandResult.Command is RootCommand ? "dmcp" : $"dmcp {command.Name}";
        // Words that no command knows make the other errors of a line meaningless.
        var unknown = parsed.UnmatchedTokens.Select(word => Unknown(word, command, parsed)).ToArray();
        var errors = unknown.Length > 0 ? unknown : command is RootCommand ? ["No command is named."] : Messages(parsed);
        return $"{string.Join(' ', errors)} Help: {line} --help";
    }

    private static string[] Messages(ParseResult parsed) =>
        [.. parsed.Errors.Select(e => e.Message.TrimEnd('.') + (e.Message.EndsWith('?') ? "" : ".")).Distinct()];

    private static string Unknown(string word, System.CommandLine.Command command, ParseResult parsed)
    {
        var isOption = word.StartsWith('-');
        IEnumerable<Symbol> symbols = isOption
            ? command.Options.Concat(parsed.RootCommandResult.Command.Options.Where(o => o.Recursive))
            : command.Subcommands;
        return $"'{word}' is no {(isOption ? "option" : command is RootCommand ? "command" : "argument")} of "
            + $"{(command is RootCommand ? "dmcp" : $"dmcp {command.Name}")}."
            + NearestName.Question(word, symbols.Where(s => !s.Hidden).Select(s => s.Name));
    }
}
