using System.Text.Json.Serialization;

namespace Microsoft.ML.Dmcp.Estimators.ModelFiles;

/// <summary>How the header of a trained network is written, made by the compiler: an application may turn reflection in JSON off.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PrunedModelHeader))]
internal sealed partial class PrunedModelJson : JsonSerializerContext;
