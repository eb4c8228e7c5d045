using Microsoft.ML.Dmcp.Budgets.Latencies;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Dmcp.Interop.Latencies;

/// <summary>A network in ONNX Runtime, on the processor.</summary>
internal sealed class OnnxRuntimeProbe : ILatencyProbe
{
    /// <summary>Name of the graph's input.</summary>
    public const string Input = "images";

    /// <summary>Name of the graph's output.</summary>
    public const string Output = "scores";

    private readonly InferenceSession _session;
    private readonly OrtValue _images;
    private readonly OnnxRuntime.RunOptions _run = new();

    public OnnxRuntimeProbe(byte[] model, InputLayer input, int batchSize, int threads)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        _session = new InferenceSession(model, options);
        var pixels = new float[checked(batchSize * input.Channels * input.Height * input.Width)];
        Array.Fill(pixels, 1);
        _images = OrtValue.CreateTensorValueFromMemory(pixels, [batchSize, input.Channels, input.Height, input.Width]);
    }

    public void Run() => _session.Run(_run, [Input], [_images], [Output]).Dispose();

    public void Dispose()
    {
        _run.Dispose();
        _images.Dispose();
        _session.Dispose();
    }
}
