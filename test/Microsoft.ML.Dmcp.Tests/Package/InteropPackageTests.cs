using System.IO.Compression;
using System.Xml.Linq;

namespace Microsoft.ML.Dmcp.Tests.Package;

/// <summary>The package for other runtimes as it is published.</summary>
public sealed class InteropPackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-package").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_package_for_other_runtimes_brings_the_product_of_its_own_version_whose_internals_it_uses()
    {
        CommandLine.Succeed(Repository.Root, "dotnet", "pack", Path.Combine(Repository.Root, "src", "Microsoft.ML.Dmcp.Interop"),
            "-nologo", "--no-build", "-c", Repository.Configuration, "-o", _folder, "-p:PackageVersion=0.1.7");
        using var package = ZipFile.OpenRead(Path.Combine(_folder, "Microsoft.ML.Dmcp.Interop.0.1.7.nupkg"));
        var names = package.Entries.Select(e => e.FullName).ToArray();
        Assert.All(["PACKAGE.md", "icon.png", "lib/net10.0/Microsoft.ML.Dmcp.Interop.dll", "lib/net10.0/Microsoft.ML.Dmcp.Interop.xml"],
            needed => Assert.Contains(needed, names));
        using var stream = package.GetEntry("Microsoft.ML.Dmcp.Interop.nuspec")!.Open();
        var dependencies = XDocument.Load(stream).Descendants()
            .Where(e => e.Name.LocalName == "dependency")
            .ToDictionary(e => (string)e.Attribute("id")!, e => (string)e.Attribute("version")!);
        Assert.Equal("[0.1.7]", dependencies["Microsoft.ML.Dmcp"]);
        // Applications choose the native runtime: on the processor or on a GPU.
        Assert.Equal(["Microsoft.ML.Dmcp", "Microsoft.ML.OnnxRuntime.Managed", "OnnxSharp", "TorchSharp.PyBridge"],
            dependencies.Keys.Order(StringComparer.Ordinal));
    }
}
