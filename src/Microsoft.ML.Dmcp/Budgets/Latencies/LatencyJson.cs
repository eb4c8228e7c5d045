using System.Text.Json.Serialization;

namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>How latency tables are written, made by the compiler: an application may turn reflection in JSON off.</summary>
[JsonSerializable(typeof(LatencyDocument))]
internal sealed partial class LatencyJson : JsonSerializerContext;
