using System.Text.Json.Serialization;

namespace Microsoft.ML.Dmcp.Training.Progress;

/// <summary>How reports are written in checkpoints.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(TrainingProgress[]))]
internal sealed partial class ProgressJson : JsonSerializerContext;
