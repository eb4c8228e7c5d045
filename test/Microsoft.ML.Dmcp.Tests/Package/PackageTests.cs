using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace Microsoft.ML.Dmcp.Tests.Package;

/// <summary>
/// The package as its user meets it: packed, restored from a folder by an application outside of the repository, run and published.
/// </summary>
public sealed class PackageTests : IDisposable
{
    // A version of its own, since NuGet never reads a version again that it has in its cache.
    private readonly string _version = $"0.1.0-test.{DateTime.UtcNow:yyyyMMddHHmmss}";
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-package").FullName;

    private string Feed => Path.Combine(_folder, "feed");

    private string Application => Path.Combine(_folder, "application");

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        var cached = Path.Combine(Repository.Packages, "microsoft.ml.dmcp", _version);
        if (Directory.Exists(cached))
            Directory.Delete(cached, recursive: true);
    }

    [Fact]
    public void An_application_outside_of_the_repository_searches_retrains_saves_predicts_and_publishes_with_the_package_alone()
    {
        Pack();
        CheckContent();
        CreateApplication();
        Dotnet("build", "-c", "Release", $"-p:DmcpVersion={_version}");
        Assert.Equal("", CommandLine.Succeed(Application, "dotnet", "bin/Release/net10.0/Application.dll", "train", "model.zip"));
        Predicts("dotnet", "bin/Release/net10.0/Application.dll");

        Dotnet("publish", "-c", "Release", "-o", "published", $"-p:DmcpVersion={_version}");
        Predicts("dotnet", "published/Application.dll");
        Directory.Delete(Path.Combine(Application, "published"), recursive: true);

        Dotnet(
            "publish", "-c", "Release", "-o", "single", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained",
            "-p:PublishSingleFile=true", $"-p:DmcpVersion={_version}");
        Predicts(Path.Combine(Application, "single", OperatingSystem.IsWindows() ? "Application.exe" : "Application"));
    }

    [Fact]
    public void An_application_without_libtorch_is_warned_in_its_build_and_names_what_to_add_when_it_runs()
    {
        Pack();
        CreateApplication();
        var output = Dotnet("build", $"-p:DmcpVersion={_version}", "-p:WithoutLibTorch=true");
        Assert.Contains("warning DMCP001", output);
        Assert.Contains("dotnet add package TorchSharp-cpu --version 0.107.0", output);
        var (status, error) = CommandLine.Run(Application, "dotnet", "bin/Debug/net10.0/Application.dll", "train", "model.zip");
        Assert.NotEqual(0, status);
        Assert.Contains("libtorch cannot be loaded", error);
        Assert.Contains("add the package TorchSharp-cpu 0.107.0", error);
    }

    private void Predicts(string program, params IEnumerable<string> arguments) =>
        Assert.Equal("dark light", CommandLine.Succeed(Application, program, [.. arguments, "predict", "model.zip"]).Trim());

    private string Dotnet(string command, params IEnumerable<string> arguments) =>
        CommandLine.Succeed(Application, "dotnet", [command, "-nologo", .. arguments]);

    private void Pack() =>
        CommandLine.Succeed(
            Repository.Root, "dotnet", "pack", Repository.Product, "-nologo", "--no-build", "-c", Repository.Configuration, "-o", Feed,
            $"-p:PackageVersion={_version}");

    private void CheckContent()
    {
        using var package = ZipFile.OpenRead(Path.Combine(Feed, $"Microsoft.ML.Dmcp.{_version}.nupkg"));
        var names = package.Entries.Select(e => e.FullName).ToArray();
        Assert.Contains("PACKAGE.md", names);
        Assert.Contains("icon.png", names);
        Assert.Contains("lib/net10.0/Microsoft.ML.Dmcp.dll", names);
        Assert.Contains("lib/net10.0/Microsoft.ML.Dmcp.xml", names);
        Assert.Contains("buildTransitive/Microsoft.ML.Dmcp.targets", names);
        Assert.DoesNotContain(names, n => n.EndsWith(".so", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(Feed, $"Microsoft.ML.Dmcp.{_version}.snupkg")));
        using var stream = package.GetEntry("Microsoft.ML.Dmcp.nuspec")!.Open();
        var specification = XDocument.Load(stream).Root!.Elements().Single();
        string Text(string name) => specification.Elements().Single(e => e.Name.LocalName == name).Value;
        Assert.Equal(("MIT", "PACKAGE.md", "icon.png"), (Text("license"), Text("readme"), Text("icon")));
        var dependencies = specification.Descendants().Where(e => e.Name.LocalName == "dependency")
            .ToDictionary(e => (string)e.Attribute("id")!, e => (string)e.Attribute("version")!);
        // Internals of ML.NET are used: a later minor version may lack them.
        Assert.Equal("[5.0.1, 5.1.0)", dependencies["Microsoft.ML"]);
        Assert.DoesNotContain("TorchSharp-cpu", dependencies.Keys);
    }

    private void CreateApplication()
    {
        Directory.CreateDirectory(Application);
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Package", "Application")))
            File.Copy(file, Path.Combine(Application, Path.GetFileName(file)));
        // The sources of the repository, and the folder of the package.
        var configuration = XDocument.Load(Path.Combine(Repository.Root, "NuGet.config"));
        configuration.Root!.Element("packageSources")!.Add(
            new XElement("add", new XAttribute("key", "packed"), new XAttribute("value", Feed)));
        configuration.Save(Path.Combine(Application, "NuGet.config"));
    }
}
