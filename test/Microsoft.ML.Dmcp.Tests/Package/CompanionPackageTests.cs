using System.IO.Compression;
using System.Xml.Linq;

namespace Microsoft.ML.Dmcp.Tests.Package;

/// <summary>The packages beside the product as they are published.</summary>
public sealed class CompanionPackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-package").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Applications choose the native runtime of ONNX: on the processor or on a GPU.
    [Theory]
    [InlineData("Microsoft.ML.Dmcp.Interop", "Microsoft.ML.OnnxRuntime.Managed", "OnnxSharp", "TorchSharp.PyBridge")]
    [InlineData("Microsoft.ML.Dmcp.Reports", "OxyPlot.Core", "SkiaSharp")]
    [InlineData("Microsoft.ML.Dmcp.AutoML", "Microsoft.Data.Sqlite", "Npgsql")]
    public void A_package_brings_the_product_of_its_own_version_whose_internals_it_uses(string name, params string[] others) =>
        Brings(name, "[0.1.7]", others);

    [Fact]
    public void The_package_for_several_ranks_brings_the_product_alone() => Brings("Microsoft.ML.Dmcp.Distributed", "0.1.7");

    private void Brings(string name, string version, params string[] others)
    {
        CommandLine.Succeed(Repository.Root, "dotnet", "pack", Path.Combine(Repository.Root, "src", name),
            "-nologo", "--no-build", "-c", Repository.Configuration, "-o", _folder, "-p:PackageVersion=0.1.7");
        using var package = ZipFile.OpenRead(Path.Combine(_folder, $"{name}.0.1.7.nupkg"));
        var names = package.Entries.Select(e => e.FullName).ToArray();
        Assert.All(["PACKAGE.md", "icon.png", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml"],
            needed => Assert.Contains(needed, names));
        using var stream = package.GetEntry($"{name}.nuspec")!.Open();
        var dependencies = XDocument.Load(stream).Descendants()
            .Where(e => e.Name.LocalName == "dependency")
            .ToDictionary(e => (string)e.Attribute("id")!, e => (string)e.Attribute("version")!);
        Assert.Equal(version, dependencies["Microsoft.ML.Dmcp"]);
        Assert.Equal(others.Append("Microsoft.ML.Dmcp").Order(StringComparer.Ordinal), dependencies.Keys.Order(StringComparer.Ordinal));
    }
}
