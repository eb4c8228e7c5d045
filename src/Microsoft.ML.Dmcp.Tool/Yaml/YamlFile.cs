using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Microsoft.ML.Dmcp.Tool.Yaml;

/// <summary>Reads a YAML file whose top is a mapping.</summary>
internal static class YamlFile
{
    private const long MostBytes = 1 << 20;
    private const int DeepestNesting = 32;

    /// <summary>The mapping at the top of the file; empty for an empty file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">
    /// It is no YAML, too large or too deep; the message has its name, the line and the column.
    /// </exception>
    public static YamlSection Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        if (new FileInfo(path).Length > MostBytes)
            throw new FormatException($"{path} is larger than 1 MB; a file of settings is not.");
        var text = File.ReadAllText(path);
        try
        {
            // Before the tree is made, whose maker calls itself for every level.
            CheckNesting(path, text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents switch
            {
                [] => new YamlSection(path, "", new YamlMappingNode()),
                [{ RootNode: YamlMappingNode root }] => new YamlSection(path, "", root),
                [{ RootNode: var other }] => throw Problem(path, other.Start, "needed are keys with values, such as 'data: photos'."),
                [_, var second, ..] => throw Problem(path, second.RootNode.Start, "a second document begins; one is read."),
            };
        }
        catch (YamlException e)
        {
            throw Problem(path, e.Start, $"this is no YAML: {e.InnerException?.Message ?? e.Message}");
        }
    }

    /// <summary>An error with its place, as compilers write it.</summary>
    public static FormatException Problem(string path, Mark at, string text) => new($"{path}:{at.Line}:{at.Column}: {text}");

    private static void CheckNesting(string path, string text)
    {
        var parser = new Parser(new StringReader(text));
        for (var depth = 0; parser.MoveNext();)
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > DeepestNesting)
                throw Problem(path, parser.Current.Start, $"values are nested more than {DeepestNesting} deep.");
        }
    }
}
