using System.CommandLine;
using System.Text;

namespace Microsoft.ML.Dmcp.Tool.Settings;

/// <summary>The text of a new settings file: every option with its description and default, as comments.</summary>
internal static class SettingsTemplate
{
    /// <summary>Made of the options themselves, so that none is missing.</summary>
    /// <param name="commands">All commands that read settings.</param>
    /// <param name="root">The tool.</param>
    public static string Of(IReadOnlyList<Frame.ToolCommand> commands, RootCommand root)
    {
        var text = new StringBuilder("""
            # Settings of the command dmcp for this folder: options without their hyphens. Remove the # of those that you want.
            # A line in front of all sections holds for every command that has the option, a line in a section for this command only.
            # What stands on the command line counts more. Paths are relative to the folder that dmcp is started in.


            """);
        var uses = commands
            .SelectMany(c => SettingsFile.OptionsOf(c, root).Select(option => (Option: option, Command: c)))
            .ToLookup(use => Same(use.Option));
        foreach (var use in uses.Where(u => u.Count() > 1))
        {
            var names = use.Count() == commands.Count ? "all commands" : string.Join(", ", use.Select(u => u.Command.Name));
            Append(text, "", use.First().Option, $" ({names})");
        }
        foreach (var command in commands)
        {
            var own = SettingsFile.OptionsOf(command, root).Where(o => uses[Same(o)].Count() == 1).ToArray();
            if (own.Length == 0)
                continue;
            text.Append($"# {command.Description}\n#{command.Name}:\n");
            foreach (var option in own)
                Append(text, "  ", option, "");
        }
        return text.ToString().TrimEnd() + "\n";
    }

    // Options of one name may mean different things, as the budgets of train and prune, or have defaults of their own.
    private static (string Key, string Value) Same(Option option) => (SettingsFile.KeyOf(option), Value(option));

    private static void Append(StringBuilder text, string indent, Option option, string remark)
    {
        text.Append($"#{indent} {option.Description}{remark}\n");
        text.Append($"#{indent}{SettingsFile.KeyOf(option)}: {Value(option)}\n\n");
    }

    private static string Value(Option option) => option.HasDefaultValue && option.GetDefaultValue() is IFormattable or bool or string
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{option.GetDefaultValue()}").ToLowerInvariant()
        : option.HelpName ?? "false";
}
