using System.Text.Json.Serialization;

namespace Microsoft.ML.Dmcp.AutoML.Store;

/// <summary>How values are written into text columns, made by the compiler.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
[JsonSerializable(typeof(DmcpTrialMetrics))]
[JsonSerializable(typeof(DmcpTrialProgress))]
internal sealed partial class StoreJson : JsonSerializerContext;
