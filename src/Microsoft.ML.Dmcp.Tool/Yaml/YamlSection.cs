using YamlDotNet.RepresentationModel;

namespace Microsoft.ML.Dmcp.Tool.Yaml;

/// <summary>A mapping of a YAML file: its values by their keys, and which of them were asked for.</summary>
internal sealed class YamlSection
{
    private readonly Dictionary<string, YamlValue> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <param name="file">Path of the file.</param>
    /// <param name="name">Keys that lead here, with dots; empty at the top.</param>
    /// <param name="node">The mapping.</param>
    /// <exception cref="FormatException">A key is no text.</exception>
    public YamlSection(string file, string name, YamlMappingNode node)
    {
        File = file;
        Name = name;
        foreach (var (key, value) in node.Children)
        {
            if (key is not YamlScalarNode { Value: { } text })
                throw YamlFile.Problem(file, key.Start, "a key is no plain text.");
            _values.Add(text, new YamlValue(file, name.Length == 0 ? text : $"{name}.{text}", key.Start, value));
        }
    }

    /// <summary>Path of the file.</summary>
    public string File { get; }

    /// <summary>Keys that lead here, with dots; empty at the top.</summary>
    public string Name { get; }

    /// <summary>Keys and values in the order of the file.</summary>
    public IEnumerable<(string Key, YamlValue Value)> Values => _values.Select(pair => (pair.Key, pair.Value));

    /// <summary>The value of a key; null where the file does not have it.</summary>
    public YamlValue? Find(string key)
    {
        _asked.Add(key);
        return _values.GetValueOrDefault(key);
    }

    /// <summary>The value of a key.</summary>
    /// <exception cref="FormatException">The file does not have it.</exception>
    public YamlValue Require(string key) => Find(key)
        ?? throw new FormatException($"{File}: '{(Name.Length == 0 ? key : $"{Name}.{key}")}' is missing.");

    /// <summary>The values that nobody asked for.</summary>
    public IEnumerable<YamlValue> Unasked() => _values.Where(pair => !_asked.Contains(pair.Key)).Select(pair => pair.Value);

    /// <summary>The sections below that were asked for.</summary>
    public IEnumerable<YamlSection> AskedSections() =>
        _values.Where(pair => _asked.Contains(pair.Key) && pair.Value.IsSection).Select(pair => pair.Value.Section());
}
