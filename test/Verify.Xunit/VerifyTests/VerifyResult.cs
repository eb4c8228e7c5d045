namespace VerifyTests;

/// <summary>What a verification that succeeded compared.</summary>
public class VerifyResult
{
    internal VerifyResult(IReadOnlyList<string> files, object? target)
    {
        Files = files;
        Target = target;
    }

    /// <summary>What was verified.</summary>
    public object? Target { get; }

    /// <summary>The verified files.</summary>
    public IEnumerable<string> Files { get; }

    /// <summary>The verified files that hold text.</summary>
    public IEnumerable<string> TextFiles => Files;

    /// <summary>The text of the verified file.</summary>
    public string Text => File.ReadAllText(TextFiles.SingleOrDefault() ?? throw new InvalidOperationException("No text files in results"));
}
