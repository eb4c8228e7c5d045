using System.Runtime.CompilerServices;

namespace Microsoft.ML.Dmcp.Tests.Package;

/// <summary>Where the sources are that the tests of the package pack and build.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", "..", ".."));

    public static string Product => Path.Combine(Root, "src", "Microsoft.ML.Dmcp");

    /// <summary>Release or Debug, as this assembly was built.</summary>
    public static string Configuration { get; } = Path.GetFileName(
        Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;

    /// <summary>NuGet's cache of packages.</summary>
    public static string Packages { get; } =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
