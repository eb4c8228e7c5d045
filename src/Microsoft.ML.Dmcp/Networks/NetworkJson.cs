using System.Text.Json.Serialization;

namespace Microsoft.ML.Dmcp.Networks;

/// <summary>How network descriptions are written, made by the compiler: an application may turn reflection in JSON off.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(NetworkDocument))]
internal sealed partial class NetworkJson : JsonSerializerContext;
