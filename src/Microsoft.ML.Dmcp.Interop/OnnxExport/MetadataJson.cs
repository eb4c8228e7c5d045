using System.Text.Json.Serialization;

namespace Microsoft.ML.Dmcp.Interop.OnnxExport;

/// <summary>How lists in the metadata are written, made by the compiler: an application may turn reflection in JSON off.</summary>
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(float[]))]
internal sealed partial class MetadataJson : JsonSerializerContext;
