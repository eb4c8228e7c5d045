using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Yaml;

namespace Microsoft.ML.Dmcp.Tool.Settings;

/// <summary>
/// The settings file: options without their hyphens. At the top they hold for every command that has the option, in a section named for a
/// command for this one only.
/// </summary>
internal sealed class SettingsFile
{
    /// <summary>The file that is read when no other is named.</summary>
    public const string UsualName = "dmcp.yaml";

    private readonly YamlSection _top;
    private readonly RootCommand _root;

    private SettingsFile(YamlSection top, RootCommand root)
    {
        _top = top;
        _root = root;
        foreach (var (key, value) in top.Values)
            Check(key, value);
    }

    /// <summary>The file that is named, or else dmcp.yaml of the folder; null where there is none.</summary>
    /// <param name="folder">Where dmcp.yaml is looked for.</param>
    /// <param name="path">The file that the line names, if it does.</param>
    /// <param name="root">The commands of the tool.</param>
    /// <exception cref="FormatException">A key is unknown or a value wrong; the message has the line, the column and the fix.</exception>
    public static SettingsFile? Find(string folder, string? path, RootCommand root)
    {
        var file = Path.Combine(folder, path ?? UsualName);
        if (path is null && !File.Exists(file))
            return null;
        var top = YamlFile.Read(file);
        return path is null && IsOfRelease(top) ? null : new SettingsFile(top, root);
    }

    /// <summary>Whether the file is a config of the authors' release, which has the same name.</summary>
    private static bool IsOfRelease(YamlSection top) => top.Find("model") is not null && top.Find("training") is not null;

    /// <summary>The options that a settings file can hold for a command: its own, and those of every command.</summary>
    public static IEnumerable<Option> OptionsOf(ToolCommand command, RootCommand root) => command.Options
        .Concat(root.Options.Where(o => o is { Recursive: true, Name: "--json" or "--verbose" }))
        .Where(o => !o.Hidden);

    /// <summary>The options of a command that the file names and the line does not.</summary>
    public IEnumerable<string> OptionsFor(ToolCommand command, ParseResult line)
    {
        var own = _top.Find(command.Name)?.Section();
        foreach (var option in OptionsOf(command, _root))
        {
            var value = own?.Find(KeyOf(option)) ?? _top.Find(KeyOf(option));
            if (value is null || line.GetResult(option) is { Implicit: false })
                continue;
            foreach (var word in Words(option, value))
                yield return word;
        }
    }

    /// <summary>The key of an option.</summary>
    public static string KeyOf(Option option) => option.Name.TrimStart('-');

    private static IEnumerable<string> Words(Option option, YamlValue value) => value.Texts().Select(text => $"{option.Name}={text}");

    private IEnumerable<ToolCommand> Commands => _root.Subcommands.OfType<ToolCommand>().Where(c => c.ReadsSettings);

    private void Check(string key, YamlValue value)
    {
        if (!value.IsSection)
        {
            var having = Commands.FirstOrDefault(c => OptionsOf(c, _root).Any(o => KeyOf(o) == key));
            if (having is null)
                throw value.Problem("is no setting."
                    + NearestName.Question(key, Commands.SelectMany(KeysOf).Concat(Commands.Select(c => c.Name))));
            CheckValue(having, key, value);
            return;
        }
        var command = Commands.FirstOrDefault(c => c.Name == key)
            ?? throw value.Problem("is no command." + NearestName.Question(key, Commands.Select(c => c.Name)));
        foreach (var (inner, innerValue) in value.Section().Values)
        {
            if (!KeysOf(command).Contains(inner))
                throw innerValue.Problem("is no setting." + NearestName.Question(inner, KeysOf(command)));
            CheckValue(command, inner, innerValue);
        }
    }

    private IEnumerable<string> KeysOf(ToolCommand command) => OptionsOf(command, _root).Select(KeyOf);

    /// <summary>Has the option itself read the value.</summary>
    private void CheckValue(ToolCommand command, string key, YamlValue value)
    {
        var option = OptionsOf(command, _root).First(o => KeyOf(o) == key);
        var parsed = _root.Parse([command.Name, .. Words(option, value)]);
        var error = parsed.Errors.FirstOrDefault(e => IsOf(option, e.SymbolResult));
        if (error is not null)
            throw value.Problem($"is wrong: {error.Message}");
    }

    private static bool IsOf(Option option, SymbolResult? result) =>
        result is not null && ((result as OptionResult)?.Option == option || IsOf(option, result.Parent));
}
