using System.Text.Json.Serialization;

namespace Microsoft.ML.Dmcp.Training.Checkpoints;

/// <summary>How the identity of a checkpoint is written, made by the compiler: an application may turn reflection in JSON off.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CheckpointIdentity))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
