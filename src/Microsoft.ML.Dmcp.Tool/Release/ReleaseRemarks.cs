using Microsoft.ML.Dmcp.Tool.Yaml;

namespace Microsoft.ML.Dmcp.Tool.Release;

/// <summary>Keys of a config that do not do what they do in the release, for one warning.</summary>
internal sealed class ReleaseRemarks
{
    private readonly List<string> _remarks = [];

    /// <summary>Names keys and what is done in their place.</summary>
    public void Add(IEnumerable<YamlValue> values, string instead) =>
        _remarks.Add($"{string.Join(", ", values.Select(v => v.Name))} ({instead})");

    /// <summary>Names every key that nobody asked for: neither does the release.</summary>
    public void AddUnread(YamlSection section)
    {
        var unread = Unread(section).ToArray();
        if (unread.Length > 0)
            Add(unread, "unknown, to the release too");
    }

    /// <summary>All remarks as a line; null where there are none.</summary>
    public string? Line(string file) => _remarks.Count == 0 ? null : $"{file}: not as in the release: {string.Join("; ", _remarks)}.";

    private static IEnumerable<YamlValue> Unread(YamlSection section) =>
        section.Unasked().Concat(section.AskedSections().SelectMany(Unread));
}
