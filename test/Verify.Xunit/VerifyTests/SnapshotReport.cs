using System.Globalization;
using System.Text;

namespace VerifyTests;

/// <summary>What a verification found, in the words of Verify: the files first, their contents after.</summary>
internal sealed class SnapshotReport(string directory)
{
    private readonly StringBuilder _new = new();
    private readonly StringBuilder _notEqual = new();
    private readonly StringBuilder _delete = new();
    private readonly StringBuilder _equal = new();
    private readonly StringBuilder _content = new();

    public bool Failed => _new.Length > 0 || _notEqual.Length > 0 || _delete.Length > 0;

    public void AddNew(string receivedPath, string verifiedPath, string received)
    {
        AppendFiles(_new, receivedPath, verifiedPath);
        Append(_content, $"New:\n\nReceived: {Relative(receivedPath)}\n{received}\n\n");
    }

    public void AddNotEqual(string receivedPath, string verifiedPath, string received, string verified)
    {
        AppendFiles(_notEqual, receivedPath, verifiedPath);
        Append(
            _content, $"NotEqual:\n\nReceived: {Relative(receivedPath)}\n{received}\nVerified: {Relative(verifiedPath)}\n{verified}\n\n");
    }

    public void AddEqual(string receivedPath, string verifiedPath) => AppendFiles(_equal, receivedPath, verifiedPath);

    /// <summary>Verified files of this test that it no longer produces.</summary>
    public void AddDeletes(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            Append(_delete, $"  - {Path.GetFileName(path)}\n");
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder($"Directory: {directory}\n");
        AppendSection(text, "New", _new);
        AppendSection(text, "NotEqual", _notEqual);
        AppendSection(text, "Delete", _delete);
        AppendSection(text, "Equal", _equal);
        if (_content.Length > 0)
        {
            text.Append("\nFileContent:\n\n").Append(_content);
        }

        return text.ToString();
    }

    private void AppendFiles(StringBuilder section, string receivedPath, string verifiedPath) =>
        Append(section, $"  - Received: {Relative(receivedPath)}\n    Verified: {Relative(verifiedPath)}\n");

    private string Relative(string path) => Path.GetRelativePath(directory, path);

    private static void AppendSection(StringBuilder text, string title, StringBuilder section)
    {
        if (section.Length > 0)
        {
            text.Append(title).Append(":\n").Append(section);
        }
    }

    private static void Append(StringBuilder builder, FormattableString text) =>
        builder.Append(text.ToString(CultureInfo.InvariantCulture));
}
