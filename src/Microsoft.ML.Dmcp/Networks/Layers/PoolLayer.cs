using System.Text.Json.Serialization;

namespace Microsoft.ML.Dmcp;

/// <summary>Pooling over a window.</summary>
/// <param name="Name">Name of the layer.</param>
/// <param name="Inputs">The one value it reads, [N, C, H, W].</param>
/// <param name="Kind">Maximum or mean.</param>
/// <param name="Kernel">Side of the window in pixels; its height where there is a <see cref="Window"/>.</param>
/// <param name="Stride">Step in pixels; downwards where there is a <see cref="Window"/>.</param>
/// <param name="Padding">Padding at each side, in pixels; above where there is a <see cref="Window"/>.</param>
public sealed record PoolLayer(string Name, IReadOnlyList<int> Inputs, PoolKind Kind, int Kernel, int Stride, int Padding)
    : Layer(Name, Inputs)
{
    /// <summary>The whole window where it is not square, is dilated or is padded differently at opposite sides; otherwise null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SlidingWindow? Window { get; init; }

    /// <summary>The window, square or not.</summary>
    internal SlidingWindow Sliding => Window ?? SlidingWindow.Square(Kernel, Stride, Padding);
}
