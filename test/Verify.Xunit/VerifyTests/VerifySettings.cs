using System.Runtime.CompilerServices;

namespace VerifyTests;

/// <summary>Where a snapshot lies and what it is called.</summary>
public class VerifySettings
{
    private static readonly char[] _invalidFileChars = Path.GetInvalidFileNameChars();
    private static readonly char[] _invalidDirectoryChars =
        [.. Path.GetInvalidPathChars().Concat(_invalidFileChars.Except(['/', '\\', ':'])).Distinct()];

    /// <summary>Settings that name a snapshot for its test.</summary>
    public VerifySettings()
    {
    }

    /// <summary>A copy of <paramref name="settings"/>.</summary>
    public VerifySettings(VerifySettings? settings)
    {
        if (settings is null)
        {
            return;
        }

        Directory = settings.Directory;
        FileName = settings.FileName;
        TypeName = settings.TypeName;
        MethodName = settings.MethodName;
        ParametersText = settings.ParametersText;
        UniquePrefixDisabled = settings.UniquePrefixDisabled;
    }

    /// <summary>The directory chosen with <see cref="UseDirectory"/>.</summary>
    public string? Directory { get; internal set; }

    internal string? FileName { get; private set; }

    internal string? TypeName { get; private set; }

    internal string? MethodName { get; private set; }

    internal string? ParametersText { get; private set; }

    internal bool UniquePrefixDisabled { get; private set; }

    /// <summary>Keeps the snapshot in <paramref name="directory"/>, absolute or relative to the test's source.</summary>
    public void UseDirectory(string directory)
    {
        RefuseCharacters(directory, _invalidDirectoryChars, "directory");
        Directory = directory;
    }

    /// <summary>Names the snapshot's files <paramref name="fileName"/> instead of <c>{Type}.{Method}</c>.</summary>
    public void UseFileName(string fileName)
    {
        RefuseCharacters(fileName, _invalidFileChars, "file name");
        if (MethodName is not null || TypeName is not null)
        {
            throw new InvalidOperationException(
                $"{nameof(UseFileName)} is not compatible with {nameof(UseMethodName)} or {nameof(UseTypeName)}.");
        }

        FileName = fileName;
    }

    /// <summary>Replaces the type's part of the file name.</summary>
    public void UseTypeName(string name)
    {
        RefuseCharacters(name, _invalidFileChars, "file name");
        RefuseFileName();
        TypeName = name;
    }

    /// <summary>Replaces the method's part of the file name.</summary>
    public void UseMethodName(string name)
    {
        RefuseCharacters(name, _invalidFileChars, "file name");
        RefuseFileName();
        MethodName = name;
    }

    /// <summary>Adds <c>_{parametersText}</c> to the file name, so that a theory's cases have files of their own.</summary>
    public void UseTextForParameters(string parametersText)
    {
        ArgumentException.ThrowIfNullOrEmpty(parametersText);
        if (parametersText.StartsWith('.'))
        {
            throw new ArgumentException("Must not start with a period ('.').", nameof(parametersText));
        }

        if (parametersText.IndexOfAny(['/', '\\']) >= 0)
        {
            throw new ArgumentException("Must not contain a directory separator.", nameof(parametersText));
        }

        ParametersText = parametersText;
    }

    /// <summary>Allows several calls to share one snapshot.</summary>
    public void DisableRequireUniquePrefix() => UniquePrefixDisabled = true;

    private static void RefuseCharacters(
        string name, char[] invalid, string role, [CallerArgumentExpression(nameof(name))] string argument = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(name, argument);
        var index = name.IndexOfAny(invalid);
        if (index >= 0)
        {
            throw new ArgumentException($"Invalid character for {role}. Value: {name}. Char:{name[index]}", argument);
        }
    }

    private void RefuseFileName([CallerMemberName] string caller = "")
    {
        if (FileName is not null)
        {
            throw new InvalidOperationException($"{caller} is not compatible with {nameof(UseFileName)}.");
        }
    }
}
