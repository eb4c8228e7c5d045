using System.Text;

namespace Microsoft.ML.Dmcp.Tests.Package;

/// <summary>The build target that makes TorchSharp's native library load where libstdc++ is older than GCC 13's.</summary>
public sealed class LoadableLibTorchSharpTests : IDisposable
{
    private const string Name = "libLibTorchSharp.so";

    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-loadable").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void One_mark_is_set_in_a_copy_and_every_other_file_is_left_alone_with_a_reason()
    {
        var original = File.ReadAllBytes(TorchSharpLibrary());
        var weak = original.ToArray();
        var cases = new Dictionary<string, byte[]>
        {
            ["real"] = original,
            ["text"] = Encoding.ASCII.GetBytes("no library"),
            ["empty"] = [],
            ["cut"] = original[..(original.Length / 2)],
            ["damaged"] = Replaced(original, 40, BitConverter.GetBytes(ulong.MaxValue)),
            ["other-need"] = Replaced(original, original.AsSpan().IndexOf("_ZSt21ios_base_library_initv"u8), "_ZSt22"u8.ToArray()),
            ["no-need"] = Replaced(original, original.AsSpan().IndexOf("GLIBCXX_3.4.32"u8), "GLIBCXX_3.4.11"u8.ToArray()),
        };
        foreach (var (name, content) in cases)
        {
            Directory.CreateDirectory(Path.Combine(_folder, name));
            File.WriteAllBytes(Path.Combine(_folder, name, Name), content);
        }
        var output = Build(cases.Keys);

        var used = File.ReadAllBytes(Path.Combine(_folder, "real", "obj", "dmcp", Name));
        var differences = Enumerable.Range(0, original.Length).Where(i => used[i] != original[i]).ToArray();
        Assert.Equal(original.Length, used.Length);
        Assert.Equal(original[Assert.Single(differences)] | 2, used[differences[0]]);
        Assert.Contains($"real: {Path.Combine(_folder, "real", "obj", "dmcp", Name)} at runtimes/linux-x64/native", output);
        Assert.Contains("gets a copy of libLibTorchSharp.so that loads without GLIBCXX_3.4.32", output);
        (string Name, string Reason)[] refused =
        [
            ("text", "no ELF file"),
            ("empty", "no ELF file"),
            ("cut", "no ELF file"),
            ("damaged", "no ELF file"),
            ("other-need", "needs more"),
            ("no-need", "does not need"),
        ];
        foreach (var (name, reason) in refused)
        {
            Assert.Contains($"{name}: {Path.Combine(_folder, name, Name)} at runtimes/linux-x64/native", output);
            Assert.Contains(
                output.Split('\n'),
                line => line.Contains(Path.Combine(_folder, name, Name), StringComparison.Ordinal)
                    && line.Contains(reason, StringComparison.Ordinal));
        }
        foreach (var (name, content) in cases)
            Assert.Equal(content, File.ReadAllBytes(Path.Combine(_folder, name, Name)));

        // What is weak already needs no copy.
        Directory.CreateDirectory(Path.Combine(_folder, "weak"));
        File.WriteAllBytes(Path.Combine(_folder, "weak", Name), used);
        Assert.Contains("weak already", Build(["weak"]));
    }

    [Fact]
    public void Nothing_is_done_where_the_target_is_turned_off()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "real"));
        File.Copy(TorchSharpLibrary(), Path.Combine(_folder, "real", Name));
        Assert.Contains($"real: {Path.Combine(_folder, "real", Name)} at", Build(["real"], "-p:DmcpLoadableLibTorchSharp=false"));
    }

    /// <summary>The library as the package has it: what this process loaded may be the copy.</summary>
    private static string TorchSharpLibrary()
    {
        var version = typeof(global::TorchSharp.torch).Assembly.GetName().Version!;
        return Path.Combine(Repository.Packages, "torchsharp", version.ToString(3), "runtimes", "linux-x64", "native", Name);
    }

    private static byte[] Replaced(byte[] file, int at, byte[] with)
    {
        var changed = file.ToArray();
        with.CopyTo(changed, at);
        return changed;
    }

    /// <summary>
    /// Runs the target on the library of every folder, as a build does after the SDK has found the files of the packages.
    /// </summary>
    private string Build(IEnumerable<string> names, string option = "-p:DmcpLoadableLibTorchSharp=true")
    {
        var project = Path.Combine(_folder, "test.proj");
        File.WriteAllText(project, $"""
            <Project DefaultTargets="All">
              <Import Project="{Path.Combine(Repository.Product, "buildTransitive", "Microsoft.ML.Dmcp.targets")}" />
              <PropertyGroup><IntermediateOutputPath>$(MSBuildProjectDirectory)/$(Case)/obj/</IntermediateOutputPath></PropertyGroup>
              <ItemGroup>
                <RuntimeTargetsCopyLocalItems Include="$(MSBuildProjectDirectory)/$(Case)/{Name}"
                                              DestinationSubDirectory="runtimes/linux-x64/native" />
                <Cases Include="{string.Join(';', names)}" />
              </ItemGroup>
              <Target Name="All"><MSBuild Projects="$(MSBuildProjectFullPath)" Properties="Case=%(Cases.Identity)" Targets="One" /></Target>
              <Target Name="ResolvePackageAssets" />
              <Target Name="One" DependsOnTargets="ResolvePackageAssets">
                <Message Importance="high"
                         Text="$(Case): @(RuntimeTargetsCopyLocalItems) at %(RuntimeTargetsCopyLocalItems.DestinationSubDirectory)" />
              </Target>
            </Project>
            """);
        return CommandLine.Succeed(_folder, "dotnet", "msbuild", project, "-nologo", "-v:normal", option);
    }
}
