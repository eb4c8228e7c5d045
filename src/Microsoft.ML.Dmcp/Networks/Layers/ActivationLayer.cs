using System.Text.Json.Serialization;

namespace Microsoft.ML.Dmcp;

/// <summary>An element-wise non-linearity.</summary>
/// <param name="Name">Name of the layer.</param>
/// <param name="Inputs">The one value it reads.</param>
/// <param name="Function">Which one.</param>
public sealed record ActivationLayer(string Name, IReadOnlyList<int> Inputs, Activation Function) : Layer(Name, Inputs)
{
    /// <summary>First parameter of the function; null for its default, or where it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Alpha { get; init; }

    /// <summary>Second parameter of the function; null for its default, or where it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Beta { get; init; }
}
