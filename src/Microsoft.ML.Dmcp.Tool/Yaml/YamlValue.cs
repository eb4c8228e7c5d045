using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Microsoft.ML.Dmcp.Tool.Yaml;

/// <summary>A value of a YAML file that knows its key and place, for errors.</summary>
/// <param name="file">Path of the file.</param>
/// <param name="name">Keys that lead to it, with dots.</param>
/// <param name="at">Where its key stands.</param>
/// <param name="node">The value.</param>
internal sealed class YamlValue(string file, string name, Mark at, YamlNode node)
{
    private YamlSection? _section;

    /// <summary>Keys that lead to it, with dots.</summary>
    public string Name => name;

    public bool IsSection => node is YamlMappingNode;

    /// <summary>An error about this value: file, line, column, key.</summary>
    public FormatException Problem(string text) => YamlFile.Problem(file, at, $"{name} {text}");

    /// <summary>The keys and values below; the same object for everyone who asks.</summary>
    public YamlSection Section() => node is YamlMappingNode mapping
        ? _section ??= new YamlSection(file, name, mapping)
        : throw Problem("has one value; needed are keys with values, indented below it.");

    /// <summary>The text of a single value.</summary>
    public string Text() => node is YamlScalarNode { Value.Length: > 0 } scalar
        ? scalar.Value!
        : throw Problem(node is YamlScalarNode ? "has no value." : "has several values; needed is one.");

    /// <summary>The texts of a list, or of a single value.</summary>
    public IReadOnlyList<string> Texts() => node is YamlSequenceNode sequence
        ? [.. sequence.Children.Select(c => c is YamlScalarNode { Value: { } text } ? text
            : throw Problem("has a list of more than plain values."))]
        : [Text()];

    /// <summary>A number.</summary>
    public double Number() => Number(Text());

    /// <summary>Numbers of a list.</summary>
    public IReadOnlyList<double> Numbers() => [.. Texts().Select(Number)];

    /// <summary>A whole number.</summary>
    public int Whole(int least) =>
        int.TryParse(Text(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least ? number
        : throw Problem($"is '{Text()}'; needed is a whole number of {least} or more.");

    /// <summary>True or false, in the words of YAML 1.1, which Python reads.</summary>
    public bool Truth() => Text().ToLowerInvariant() switch
    {
        "true" or "yes" or "on" => true,
        "false" or "no" or "off" => false,
        _ => throw Problem($"is '{Text()}'; needed is true or false."),
    };

    /// <summary>Gives the value another text; so do all places that refer to it by its anchor.</summary>
    public void Set(string text)
    {
        if (node is not YamlScalarNode scalar)
            throw Problem("has several values; only a single one can be set.");
        scalar.Value = text;
    }

    private double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw Problem($"is '{text}'; needed is a number.");
}
