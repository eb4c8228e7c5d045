using System.Diagnostics;
using System.Reflection;
using Google.Protobuf;
using Microsoft.ML.Dmcp.Budgets.Latencies;
using Microsoft.ML.Dmcp.Estimators.OnnxGraphs;
using Microsoft.ML.Dmcp.Interop.OnnxExport;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Native;
using Microsoft.ML.OnnxRuntime;
using Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Interop.Latencies;

/// <summary>Runs networks as ONNX Runtime does that read an exported file: batch norms folded, of float32.</summary>
internal sealed class OnnxRuntimeEngine : LatencyEngine
{
    private const int Opset = 17;

    public override string Name => $"ONNX Runtime {Version()}";

    internal override ILatencyProbe Open(NetworkDescription network, int batchSize, int threads)
    {
        NativeRuntime.Load();
        var model = Export(network);
        try
        {
            return new OnnxRuntimeProbe(model.ToByteArray(), network.Input, batchSize, threads);
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or BadImageFormatException
            or EntryPointNotFoundException or NotSupportedException)
        {
            throw new InvalidOperationException($"ONNX Runtime cannot be loaded: {e.GetBaseException().Message} Its native library is " +
                $"missing or of another version: dotnet add package Microsoft.ML.OnnxRuntime --version {Version()}", e);
        }
    }

    /// <summary>The ONNX model of a network with drawn weights, from its images to its last layer.</summary>
    private static ModelProto Export(NetworkDescription network)
    {
        using var module = new SlimmableNetwork(network, CPU, new RandomSource(1));
        NetworkNodes.RequireSize(LayerWeights.SizeOf(module));
        var (input, graph) = (network.Input, new OnnxGraph(network.Name, [OnnxRuntimeProbe.Input, OnnxRuntimeProbe.Output]));
        graph.AddInput(OnnxRuntimeProbe.Input, input.Channels, input.Height, input.Width);
        var nodes = new LayerNodes(
            graph, new LayerWeights(module), new FoldedBatchNorms(network), new GraphPrecision(graph), Opset);
        var values = new List<OnnxValue> { new(OnnxRuntimeProbe.Input, IsFlat: false) };
        foreach (var layer in network.Layers.Skip(1))
            values.Add(nodes.Add(layer, [.. layer.Inputs.Select(i => values[i])]));
        graph.AddOutput(nodes.Flatten("flat", values[^1]).Name, OnnxRuntimeProbe.Output, network.Classes);
        return new ModelProto
        {
            IrVersion = (long)Onnx.Version.IrVersion2021730,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = Opset } },
            Graph = graph.Proto,
        };
    }

    // Of the managed library; the native one asks for the same.
    private static string Version() =>
        FileVersionInfo.GetVersionInfo(typeof(InferenceSession).Assembly.Location).ProductVersion?.Split('+')[0] ?? "";
}
