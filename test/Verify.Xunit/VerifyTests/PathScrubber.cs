using System.Reflection;
using System.Text;

namespace VerifyTests;

/// <summary>Replaces directories of this machine by names, so that a snapshot holds on every other.</summary>
internal static class PathScrubber
{
    public static void Scrub(StringBuilder text, Assembly testAssembly)
    {
        foreach (var (directory, name) in Directories(testAssembly).OrderByDescending(pair => pair.Key.Length))
        {
            text.Replace(directory, name);
        }
    }

    private static Dictionary<string, string> Directories(Assembly testAssembly)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(names, AppContext.BaseDirectory, "{CurrentDirectory}", withSeparator: true);
        Add(names, Environment.CurrentDirectory, "{CurrentDirectory}", withSeparator: true);
        Add(names, Path.GetTempPath(), "{TempPath}", withSeparator: true);
        Add(names, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "{UserProfile}", withSeparator: false);
        Add(names, Metadata(testAssembly, "Verify.ProjectDirectory"), "{ProjectDirectory}", withSeparator: true);
        Add(names, Metadata(testAssembly, "Verify.SolutionDirectory"), "{SolutionDirectory}", withSeparator: true);
        return names;
    }

    private static void Add(Dictionary<string, string> names, string? directory, string name, bool withSeparator)
    {
        var trimmed = directory?.TrimEnd('/', '\\');
        if (string.IsNullOrEmpty(trimmed))
        {
            return;
        }

        foreach (var separator in (char[])['/', '\\'])
        {
            var written = trimmed.Replace(Path.DirectorySeparatorChar, separator);
            names[written] = name;
            if (withSeparator)
            {
                names[written + separator] = name;
            }
        }
    }

    private static string? Metadata(Assembly assembly, string key) =>
        assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == key)?.Value;
}
