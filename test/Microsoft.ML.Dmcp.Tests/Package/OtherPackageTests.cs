using System.IO.Compression;
using System.Xml.Linq;

namespace Microsoft.ML.Dmcp.Tests.Package;

/// <summary>The packages beside the product's as they are published.</summary>
public sealed class OtherPackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-package").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_package_for_other_runtimes_brings_the_product_of_its_own_version_whose_internals_it_uses() =>
        // Applications choose the native runtime: on the processor or on a GPU.
        Brings("Microsoft.ML.Dmcp.Interop", "Microsoft.ML.Dmcp", "Microsoft.ML.OnnxRuntime.Managed", "OnnxSharp", "TorchSharp.PyBridge");

    [Fact]
    public void So_does_the_package_for_experiments() =>
        Brings("Microsoft.ML.Dmcp.AutoML", "Microsoft.Data.Sqlite", "Microsoft.ML.Dmcp", "Npgsql");

    private void Brings(string package, params string[] expected)
    {
        CommandLine.Succeed(Repository.Root, "dotnet", "pack", Path.Combine(Repository.Root, "src", package),
            "-nologo", "--no-build", "-c", Repository.Configuration, "-o", _folder, "-p:PackageVersion=0.1.7");
        using var archive = ZipFile.OpenRead(Path.Combine(_folder, $"{package}.0.1.7.nupkg"));
        var names = archive.Entries.Select(e => e.FullName).ToArray();
        Assert.All(["PACKAGE.md", "icon.png", $"lib/net10.0/{package}.dll", $"lib/net10.0/{package}.xml"],
            needed => Assert.Contains(needed, names));
        using var stream = archive.GetEntry($"{package}.nuspec")!.Open();
        var dependencies = XDocument.Load(stream).Descendants()
            .Where(e => e.Name.LocalName == "dependency")
            .ToDictionary(e => (string)e.Attribute("id")!, e => (string)e.Attribute("version")!);
        Assert.Equal("[0.1.7]", dependencies["Microsoft.ML.Dmcp"]);
        Assert.Equal(expected, dependencies.Keys.Order(StringComparer.Ordinal));
    }
}
