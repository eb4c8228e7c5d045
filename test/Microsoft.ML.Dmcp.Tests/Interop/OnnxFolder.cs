using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.OnnxRuntime;
using Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>A folder with model files, and what ONNX Runtime and the imported network make of one image.</summary>
internal sealed class OnnxFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("dmcp-import").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a model.</summary>
    public string Write(byte[] model)
    {
        var path = File("model.onnx");
        System.IO.File.WriteAllBytes(path, model);
        return path;
    }

    /// <summary>Imports a model and compares its scores with ONNX Runtime's, to 1e-4.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="options">How it is imported.</param>
    public OnnxNetwork Agrees(DrawnGraph graph, OnnxImportOptions? options = null) => Agrees(Write(graph.Bytes()), options);

    /// <summary>Imports a model and compares its scores, or the features of one without scores, with ONNX Runtime's, to 1e-4.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is imported.</param>
    public static OnnxNetwork Agrees(string path, OnnxImportOptions? options = null)
    {
        var imported = OnnxNetwork.Load(path, options);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var generator = new Generator(4);
        using var session = ExportedNetwork.Open(path);
        var name = session.InputMetadata.Keys.Single();
        var isLast = session.InputMetadata[name].Dimensions[1] != imported.Channels;
        var pixels = rand([1, imported.Channels, imported.Height, imported.Width], ScalarType.Float32, CPU, false, generator).mul(4).sub(1);
        var theirs = isLast ? pixels.permute(0, 2, 3, 1).contiguous() : pixels;
        using var input = OrtValue.CreateTensorValueFromMemory(theirs.data<float>().ToArray(), theirs.shape);
        using var run = new OnnxRuntime.RunOptions();
        using var results = session.Run(run, [name], [input], [session.OutputNames[0]]);
        var expected = results[0].GetTensorDataAsSpan<float>().ToArray();

        if (imported.PixelMean is not null)
            pixels = pixels.sub(tensor(imported.PixelMean.ToArray()).view(1, -1, 1, 1))
                .div(tensor(imported.PixelDeviation!.ToArray()).view(1, -1, 1, 1));
        using var network = imported.ToNetwork();
        var (scores, embedding) = network.RunWithEmbedding(pixels, new NetworkPass(NormStatistics.Running));
        var result = imported.Classes is null ? embedding : scores;
        if (ModelProto.Parser.ParseFrom(System.IO.File.ReadAllBytes(path)).Graph.Node.Any(n => n.OpType == "Softmax"))
            result = result.softmax(1);
        var actual = result.contiguous().data<float>().ToArray();
        Assert.Equal(expected.Length, actual.Length);
        var scale = expected.Max(Math.Abs);
        Assert.True(scale > 1e-3, "the scores say nothing");
        for (var i = 0; i < actual.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-4 * Math.Max(1, scale), $"{i}: {expected[i]} and {actual[i]}");
        return imported;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
