using System.Text.Json.Serialization;

namespace Microsoft.ML.Dmcp.Channels;

/// <summary>How channel configs are written, made by the compiler: an application may turn reflection in JSON off.</summary>
[JsonSerializable(typeof(ChannelConfig))]
internal sealed partial class ChannelConfigJson : JsonSerializerContext;
