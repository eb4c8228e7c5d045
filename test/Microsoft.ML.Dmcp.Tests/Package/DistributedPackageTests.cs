using System.IO.Compression;
using System.Xml.Linq;

namespace Microsoft.ML.Dmcp.Tests.Package;

/// <summary>The package for several ranks as it is published.</summary>
public sealed class DistributedPackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-package").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_package_for_several_ranks_needs_the_product_alone_and_loads_MPI_and_NCCL_from_the_system()
    {
        CommandLine.Succeed(Repository.Root, "dotnet", "pack", Path.Combine(Repository.Root, "src", "Microsoft.ML.Dmcp.Distributed"),
            "-nologo", "--no-build", "-c", Repository.Configuration, "-o", _folder, "-p:PackageVersion=0.1.7");
        using var package = ZipFile.OpenRead(Path.Combine(_folder, "Microsoft.ML.Dmcp.Distributed.0.1.7.nupkg"));
        var names = package.Entries.Select(e => e.FullName).ToArray();
        Assert.All(
            ["PACKAGE.md", "icon.png", "lib/net10.0/Microsoft.ML.Dmcp.Distributed.dll", "lib/net10.0/Microsoft.ML.Dmcp.Distributed.xml"],
            needed => Assert.Contains(needed, names));
        using var stream = package.GetEntry("Microsoft.ML.Dmcp.Distributed.nuspec")!.Open();
        var dependencies = XDocument.Load(stream).Descendants().Where(e => e.Name.LocalName == "dependency")
            .Select(e => (string)e.Attribute("id")!);
        Assert.Equal(["Microsoft.ML.Dmcp"], dependencies);
    }
}
