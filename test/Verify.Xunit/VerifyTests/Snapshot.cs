using System.Collections.Concurrent;
using System.Reflection;
using System.Text;

namespace VerifyTests;

/// <summary>
/// The received and verified files of one verification: <c>{directory}/{Type}.{Method}.{received|verified}.{extension}</c>.
/// </summary>
internal sealed class Snapshot
{
    private static readonly ConcurrentDictionary<string, bool> _usedPrefixes = new(StringComparer.Ordinal);

    private static readonly HashSet<string> _textExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        "txt", "json", "md", "csv", "tsv", "xml", "html", "svg", "yml", "yaml", "log", "cs", "py", "sh", "sql", "ini", "toml",
        "props", "targets",
    };

    private static readonly UTF8Encoding _encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Assembly _testAssembly;
    private readonly string _directory;
    private readonly string _prefix;

    public Snapshot(VerifySettings settings, string sourceFile, MethodInfo test)
    {
        var testType = test.ReflectedType!;
        _testAssembly = testType.Assembly;
        var sourceDirectory = Path.GetDirectoryName(sourceFile) is { Length: > 0 } found
            ? found
            : throw new InvalidOperationException($"Unable to resolve directory. sourceFile: {sourceFile}");
        _directory = settings.Directory is null ? sourceDirectory : Path.Combine(sourceDirectory, settings.Directory);

        var parameters = settings.ParametersText is null ? "" : $"_{settings.ParametersText}";
        _prefix = settings.FileName ?? $"{settings.TypeName ?? NameWithParent(testType)}.{settings.MethodName ?? test.Name}{parameters}";

        var path = Path.Combine(_directory, _prefix);
        if (!settings.UniquePrefixDisabled && !_usedPrefixes.TryAdd(path, true))
        {
            throw new InvalidOperationException(
                $"The prefix has already been used: {path}. A test verifies once; a theory's cases, or several calls in one test, differ " +
                "by UseTextForParameters, UseMethodName or UseFileName, or share one snapshot by DisableRequireUniquePrefix.");
        }

        Directory.CreateDirectory(_directory);
        foreach (var stale in Find("received"))
        {
            File.Delete(stale);
        }
    }

    public VerifyResult VerifyText(string? text)
    {
        var trimmed = text?.TrimStart('\uFEFF');
        return Verify(trimmed is "" ? "emptyString" : trimmed, "txt", target: text);
    }

    public VerifyResult VerifyText(string? text, string extension)
    {
        ArgumentException.ThrowIfNullOrEmpty(extension);
        if (!_textExtensions.Contains(extension))
        {
            throw new ArgumentException(
                $"'{extension}' is not the extension of a text file, without its dot, that this stand-in of Verify knows.",
                nameof(extension));
        }

        return Verify(text ?? "null", extension, target: null);
    }

    private VerifyResult Verify(string? text, string extension, object? target)
    {
        var obsolete = Find("verified").ToHashSet(StringComparer.Ordinal);
        var report = new SnapshotReport(_directory);
        var verifiedFiles = new List<string>();
        if (text is not null)
        {
            var received = Normalize(text);
            var verifiedPath = PathOf("verified", extension);
            obsolete.Remove(verifiedPath);
            Compare(received, PathOf("received", extension), verifiedPath, report);
            verifiedFiles.Add(verifiedPath);
        }

        report.AddDeletes(obsolete);
        return report.Failed ? throw new VerifyException(report.ToString()) : new VerifyResult(verifiedFiles, target);
    }

    private static void Compare(string received, string receivedPath, string verifiedPath, SnapshotReport report)
    {
        if (File.Exists(verifiedPath) && new FileInfo(verifiedPath).Length == 0)
        {
            File.Delete(verifiedPath);
        }

        if (!File.Exists(verifiedPath))
        {
            File.WriteAllText(receivedPath, received, _encoding);
            report.AddNew(receivedPath, verifiedPath, received);
            return;
        }

        // One newline at the end of the verified file is an editor's, not the snapshot's.
        var verified = FixNewlines(File.ReadAllText(verifiedPath));
        if (verified == received || verified == received + '\n')
        {
            report.AddEqual(receivedPath, verifiedPath);
            return;
        }

        File.WriteAllText(receivedPath, received, _encoding);
        report.AddNotEqual(receivedPath, verifiedPath, received, verified);
    }

    private string PathOf(string role, string extension) => Path.Combine(_directory, $"{_prefix}.{role}.{extension}");

    private IEnumerable<string> Find(string role) =>
        Directory.EnumerateFiles(_directory)
            .Where(path => Path.GetFileName(path).StartsWith($"{_prefix}.{role}.", StringComparison.Ordinal));

    private string Normalize(string text)
    {
        var scrubbed = new StringBuilder(text);
        PathScrubber.Scrub(scrubbed, _testAssembly);
        return FixNewlines(scrubbed.ToString());
    }

    private static string FixNewlines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    private static string NameWithParent(Type type) => type.IsNested ? $"{type.ReflectedType!.Name}.{type.Name}" : type.Name;
}
