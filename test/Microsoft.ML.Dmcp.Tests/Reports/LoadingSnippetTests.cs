using System.Globalization;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Tests.Interop;

namespace Microsoft.ML.Dmcp.Tests.Reports;

/// <summary>The programs of a report that load its model, run as their reader would: beside model.zip, model.onnx and photo.jpg.</summary>
[Collection(nameof(ReportedPipeline))]
public sealed class LoadingSnippetTests : IDisposable
{
    // What a project with implicit usings adds.
    private const string Usings = "global using System; global using System.Linq; global using System.Collections.Generic;";

    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-loading").FullName;
    private readonly string[] _programs;
    private readonly byte[] _photo = TestImages.Pixels(1, new RandomSource(5));
    private readonly IReadOnlyList<ClassProbability> _ranked;

    public LoadingSnippetTests(ReportedPipeline pipeline)
    {
        using var image = TestImages.ToImage(_photo, TestImages.Size, TestImages.Size);
        image.Save(Path.Combine(_folder, "photo.png"));
        // All readers look at the content.
        File.Move(Path.Combine(_folder, "photo.png"), Path.Combine(_folder, "photo.jpg"));
        var ml = pipeline.ML;
        ml.Model.Save(pipeline.Model, pipeline.View().Schema, Path.Combine(_folder, "model.zip"));
        ml.Model.SaveAsOnnx(pipeline.Model, Path.Combine(_folder, "model.onnx"));
        _ranked = ml.Model.CreateImageClassifier(pipeline.Model).Classify(image, TestImages.Classes);
        var html = PruningReport.Create(pipeline.Model).ToHtml();
        _programs = [.. XDocument.Parse(html).Descendants().Where(e => e.Name.LocalName == "pre").Select(e => e.Value)];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_program_for_MLNET_compiles_and_names_the_three_likeliest_classes()
    {
        var lines = RunCSharp(_programs[0]);
        Assert.Equal(3, lines.Length);
        Assert.All(lines.Zip(_ranked), l => Assert.StartsWith(l.Second.Class + ": ", l.First));
    }

    [Fact]
    public void The_program_for_ONNX_Runtime_compiles_and_prints_the_scores()
    {
        var scores = Assert.Single(RunCSharp(_programs[2])).Split(' ').Select(s => double.Parse(s, CultureInfo.InvariantCulture));
        Assert.All(scores.Zip(ReportedPipeline.Classes), s =>
            Assert.Equal(_ranked.Single(r => r.Class == s.Second).Probability, s.First, 1e-4));
    }

    // Pillow and NumPy are real; ONNX Runtime, which Debian does not have for Python, is a double that keeps what it is given.
    [PythonFact]
    public void The_program_for_Python_feeds_the_photo_s_pixels_and_names_the_three_likeliest_classes()
    {
        File.WriteAllText(Path.Combine(_folder, "onnxruntime.py"), """
            import json
            import numpy as np

            class InferenceSession:
                def __init__(self, path_or_bytes):
                    assert path_or_bytes == "model.onnx"

                def get_modelmeta(self):
                    return type("ModelMetadata", (), {"custom_metadata_map": {"class_names": json.dumps(["a", "b", "c", "d"])}})

                def run(self, output_names, input_feed):
                    assert output_names == ["scores"] and list(input_feed) == ["pixels"]
                    pixels = input_feed["pixels"]
                    assert pixels.dtype == np.float32 and pixels.shape == (1, 3, 12, 12)
                    pixels.tofile("pixels.bin")
                    return [np.array([[0.1, 0.2, 0.6, 0.1]], np.float32)]
            """);
        File.WriteAllText(Path.Combine(_folder, "load.py"), _programs[1]);
        var output = Package.CommandLine.Succeed(_folder, PythonFactAttribute.Interpreter, "load.py");
        Assert.Equal(["c: 60.0%", "b: 20.0%"], output.Split('\n')[..2]);
        var fed = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(_folder, "pixels.bin"))).ToArray();
        var size = TestImages.Size * TestImages.Size;
        Assert.Equal(Enumerable.Range(0, 3 * size).Select(i => (float)_photo[i % size * 3 + i / size]), fed);
    }

    /// <summary>Compiles a program with the compiler of the SDK, and runs it with the libraries of these tests.</summary>
    private string[] RunCSharp(string program)
    {
        var name = $"loading-{Guid.NewGuid():N}";
        var (source, compiled) = (Path.Combine(_folder, "Program.cs"), Path.Combine(AppContext.BaseDirectory, name + ".dll"));
        File.WriteAllText(source, program);
        File.WriteAllText(Path.Combine(_folder, "Usings.cs"), Usings);
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var sdks = Path.Combine(framework, "..", "..", "..", "sdk");
        var compiler = Directory.GetDirectories(sdks).Select(sdk => Path.Combine(sdk, "Roslyn", "bincore", "csc.dll")).Last(File.Exists);
        var libraries = Directory.GetFiles(framework, "System*.dll").Append(Path.Combine(framework, "netstandard.dll"))
            .Where(f => !f.Contains("Native", StringComparison.Ordinal))
            .Concat(Directory.GetFiles(AppContext.BaseDirectory, "Microsoft.ML*.dll"));
        File.WriteAllLines(Path.Combine(_folder, "all.rsp"), libraries.Select(f => $"-r:\"{f}\""));
        try
        {
            Package.CommandLine.Succeed(
                _folder, "dotnet", "exec", compiler, "-nologo", "-nostdlib", "-noconfig", $"-out:{compiled}", "@all.rsp", "Program.cs",
                "Usings.cs");
            var tests = typeof(LoadingSnippetTests).Assembly.GetName().Name;
            return Package.CommandLine.Succeed(
                _folder, "dotnet", "exec", "--runtimeconfig", Path.Combine(AppContext.BaseDirectory, tests + ".runtimeconfig.json"),
                "--depsfile", Path.Combine(AppContext.BaseDirectory, tests + ".deps.json"), compiled)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            File.Delete(compiled);
        }
    }
}
