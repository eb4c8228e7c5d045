using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.ML.Dmcp.Tests.Tool;

namespace Microsoft.ML.Dmcp.Tests.Package;

/// <summary>The command dmcp as its user meets it: packed, installed in a fresh folder, and run there.</summary>
public sealed class ToolPackageTests : IDisposable
{
    // nuget.org takes packages of up to 250 MB.
    private const long LargestPackage = 250_000_000;

    private readonly string _version = $"0.1.0-test.{DateTime.UtcNow:yyyyMMddHHmmss}";
    private readonly string _system = RuntimeInformation.RuntimeIdentifier;
    private readonly ToolFolder _folder = new();

    private string Feed => Path.Combine(_folder.Root, "feed");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_installed_tool_searches_on_images_and_needs_nothing_but_the_NET_SDK()
    {
        CommandLine.Succeed(
            Repository.Root, "dotnet", "pack", Path.Combine(Repository.Root, "src", "Microsoft.ML.Dmcp.Tool"), "-nologo", "--no-restore",
            "-c", Repository.Configuration, "-o", Feed, $"-p:PackageVersion={_version}", $"-p:ToolPackageRuntimeIdentifiers={_system}");
        CheckContent();
        CommandLine.Succeed(
            _folder.Root, "dotnet", "tool", "install", "--tool-path", "tools", "--add-source", Feed, "Microsoft.ML.Dmcp.Tool",
            "--version", _version);
        var dmcp = Path.Combine(_folder.Root, "tools", OperatingSystem.IsWindows() ? "dmcp.exe" : "dmcp");
        Assert.Contains("--checkpoint", CommandLine.Succeed(_folder.Root, dmcp, "[suggest:16]", "dmcp train --che"));
        _folder.Draw("images", perClass: 5);
        var target = _folder.Target("res18", 0.6);
        CommandLine.Succeed(
            _folder.Root, dmcp,
            ["train", "--config", ToolFolder.Config("res18", "dmcp"), "--data", "images", "--flops", target, .. ToolFolder.SmallSearch]);
        var config = Directory.GetFiles(Path.Combine(_folder.Root, "results"), "config.json", SearchOption.AllDirectories);
        Assert.True(ChannelConfig.Load(Assert.Single(config)).Flops > 0);
    }

    private void CheckContent()
    {
        var pointer = Path.Combine(Feed, $"Microsoft.ML.Dmcp.Tool.{_version}.nupkg");
        using (var package = ZipFile.OpenRead(pointer))
            Assert.Contains("PACKAGE.md", package.Entries.Select(e => e.FullName));
        var file = new FileInfo(Path.Combine(Feed, $"Microsoft.ML.Dmcp.Tool.{_system}.{_version}.nupkg"));
        Assert.InRange(file.Length, 1, LargestPackage);
        using var tool = ZipFile.OpenRead(file.FullName);
        var names = tool.Entries.Select(e => Path.GetFileName(e.FullName)).ToArray();
        Assert.Contains("dmcp.dll", names);
        if (OperatingSystem.IsLinux())
            Assert.All(["libLibTorchSharp.so", "libtorch_cpu.so", "libSkiaSharp.so", "libonnxruntime.so"], n => Assert.Contains(n, names));
        Assert.DoesNotContain(names, n => n.EndsWith(".pdb", StringComparison.Ordinal) && !n.StartsWith("dmcp", StringComparison.Ordinal)
            && !n.StartsWith("Microsoft.ML.Dmcp", StringComparison.Ordinal));
    }
}
