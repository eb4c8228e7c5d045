using Microsoft.ML.Dmcp.Interop.Latencies;

namespace Microsoft.ML.Dmcp;

/// <summary>Times of networks in ONNX Runtime, where exported models are served.</summary>
public static class OnnxRuntimeLatency
{
    private static readonly OnnxRuntimeEngine Engine = new();

    extension(LatencyEngine)
    {
        /// <summary>
        /// ONNX Runtime on the processor, with batch norms folded as <c>SaveAsOnnx</c> does. The application brings its native library:
        /// <c>dotnet add package Microsoft.ML.OnnxRuntime</c>.
        /// </summary>
        public static LatencyEngine OnnxRuntime => Engine;
    }
}
