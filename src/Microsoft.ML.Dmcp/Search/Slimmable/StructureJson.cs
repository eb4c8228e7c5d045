using System.Text.Json.Serialization;

namespace Microsoft.ML.Dmcp.Search.Slimmable;

/// <summary>How evaluated structures are written, made by the compiler: an application may turn reflection in JSON off.</summary>
[JsonSerializable(typeof(EvaluatedStructures))]
internal sealed partial class StructureJson : JsonSerializerContext;
