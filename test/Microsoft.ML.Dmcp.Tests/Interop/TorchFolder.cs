using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.ML.Dmcp.Interop.PyTorch;
using Microsoft.ML.Dmcp.Networks.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>A folder with files of PyTorch, and the small network that real PyTorch wrote (eng/pytorch-fixtures.py).</summary>
internal sealed class TorchFolder : IDisposable
{
    /// <summary>The small network.</summary>
    public static readonly NetworkArchitecture Tiny = new("tiny", net =>
    {
        var x = net.BatchNorm(net.Conv(net.Input, 4, 3, stride: 2, name: "conv1"), name: "bn1");
        net.Linear(net.GlobalAveragePool(net.ReLU(x)), net.Classes, name: "fc");
    });

    public string Path { get; } = Directory.CreateTempSubdirectory("dmcp-torch").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A file that real PyTorch wrote.</summary>
    public static string Fixture(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Interop", "PyTorch", name);

    /// <summary>Writes a file.</summary>
    public string Write(string name, byte[] content)
    {
        System.IO.File.WriteAllBytes(File(name), content);
        return File(name);
    }

    /// <summary>Writes a file of safetensors.</summary>
    public string WriteSafetensors(string header, int bytes)
    {
        var text = System.Text.Encoding.UTF8.GetBytes(header);
        return Write("model.safetensors", [.. BitConverter.GetBytes((long)text.Length), .. text, .. new byte[bytes]]);
    }

    /// <summary>Writes an archive of torch.save with a pickle of one's own.</summary>
    public string WriteArchive(byte[] pickle, params (string Name, byte[] Content)[] files)
    {
        using var stream = new FileStream(File("model.pth"), FileMode.Create);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create);
        foreach (var (name, content) in files.Prepend(("data.pkl", pickle)))
        {
            using var entry = archive.CreateEntry("model/" + name).Open();
            entry.Write(content);
        }
        return File("model.pth");
    }

    /// <summary>The scores of the small network of a file for the pixels of the fixtures, without normalisation.</summary>
    public static float[] TinyLogits(PyTorchNetwork imported)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var network = imported.ToNetwork();
        var pixels = arange(2 * 3 * 8 * 8).mul(37).remainder(256).to(ScalarType.Float32).div(64).sub(2).view(2, 3, 8, 8);
        return network.Run(pixels, new NetworkPass(NormStatistics.Running)).contiguous().data<float>().ToArray();
    }

    /// <summary>Floats that a client wrote.</summary>
    public float[] ReadFloats(string name) => MemoryMarshal.Cast<byte, float>(System.IO.File.ReadAllBytes(File(name))).ToArray();

    /// <summary>Compares the tensors of a file with a network's, to the last bit.</summary>
    public static void HasWeights(string path, SlimmableNetwork network)
    {
        using var file = StateDictFile.Open(path);
        var state = network.state_dict();
        Assert.Equal(state.Keys.Order(StringComparer.Ordinal), file.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, weight) in state)
        {
            Assert.Equal(weight.shape, file.Tensors[name].Shape);
            using var whole = weight.contiguous();
            Assert.True(whole.data<float>().ToArray().AsSpan().SequenceEqual(file.Tensors[name].Values()), name);
        }
    }

    /// <summary>Compares scores to 1e-4 of the largest one.</summary>
    public static void Agree(float[] expected, float[] actual, string name)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = expected.Max(Math.Abs);
        Assert.True(scale > 1e-3, "the scores say nothing");
        for (var i = 0; i < actual.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-4 * Math.Max(1, scale), $"{name}: {expected[i]} and {actual[i]}");
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
