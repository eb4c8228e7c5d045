using Microsoft.ML.OnnxRuntime;
using Onnx;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>What ONNX Runtime makes of a file.</summary>
internal static class OnnxScores
{
    /// <summary>The scores of images, planar pixels each.</summary>
    public static float[][] Of(string path, IReadOnlyList<float[]> images, int size)
    {
        using var session = ExportedNetwork.Open(path);
        using var run = new OnnxRuntime.RunOptions();
        using var pixels = OrtValue.CreateTensorValueFromMemory(images.SelectMany(i => i).ToArray(), [images.Count, 3, size, size]);
        using var outputs = session.Run(run, ["pixels"], [pixels], ["scores"]);
        var scores = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        return [.. scores.Chunk(scores.Length / images.Count)];
    }

    /// <summary>
    /// Equal to 1e-4 of the largest, four times: logits of fresh weights are large, and rounded in another order with every number of
    /// threads.
    /// </summary>
    public static void AssertClose(IReadOnlyList<float> expected, IReadOnlyList<float> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        var tolerance = 1e-4f * Math.Max(1, 4 * expected.Max(Math.Abs));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    /// <summary>The operators that it computes a file with.</summary>
    /// <param name="path">The file.</param>
    /// <param name="optimized">Where it writes the graph that it makes of it.</param>
    public static string[] Operators(string path, string optimized)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, OptimizedModelFilePath = optimized };
        using (new InferenceSession(path, options))
            return [.. ModelProto.Parser.ParseFrom(File.ReadAllBytes(optimized)).Graph.Node.Select(node => node.OpType)];
    }
}
