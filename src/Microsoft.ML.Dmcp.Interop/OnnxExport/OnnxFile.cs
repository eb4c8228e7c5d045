using Google.Protobuf;
using Microsoft.ML.Dmcp.Runs;
using Onnx;

namespace Microsoft.ML.Dmcp.Interop.OnnxExport;

/// <summary>Writes ONNX models.</summary>
internal static class OnnxFile
{
    /// <summary>Writes a model to a file, whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written; what it held before is unchanged.</exception>
    public static void Write(string path, ModelProto model)
    {
        try
        {
            DurableFile.Write(path, model.WriteTo);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"ONNX file '{path}' cannot be written: {e.Message} " +
                "Free some room or name a file in a folder that can be written; what it held before is unchanged.", e);
        }
    }
}
