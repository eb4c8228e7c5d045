using System.Text.Json.Serialization;

namespace Microsoft.ML.Dmcp;

/// <summary>A two-dimensional convolution: dense, in groups of channels, or depth-wise.</summary>
/// <param name="Name">Name of the layer.</param>
/// <param name="Inputs">The one value it reads, [N, C, H, W].</param>
/// <param name="OutChannels">Number of filters; equal to the input's channels when <paramref name="Depthwise"/>.</param>
/// <param name="Kernel">Side of the kernel in pixels; its height where there is a <see cref="Window"/>.</param>
/// <param name="Stride">Step in pixels; downwards where there is a <see cref="Window"/>.</param>
/// <param name="Padding">Zeros added at each side, in pixels; above where there is a <see cref="Window"/>.</param>
/// <param name="Depthwise">Whether every filter reads its own channel only.</param>
/// <param name="HasBias">Whether a bias is added to every filter's output.</param>
public sealed record ConvLayer(
    string Name, IReadOnlyList<int> Inputs, int OutChannels, int Kernel, int Stride, int Padding, bool Depthwise, bool HasBias)
    : Layer(Name, Inputs)
{
    /// <summary>The whole kernel where it is not square, is dilated or is padded differently at opposite sides; otherwise null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SlidingWindow? Window { get; init; }

    /// <summary>
    /// Number of groups of channels, 2 or more, where every filter reads the channels of its own group; 0 otherwise. The channels that
    /// such a convolution reads and makes are not pruned.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Groups { get; init; }

    /// <summary>The kernel, square or not.</summary>
    internal SlidingWindow Sliding => Window ?? SlidingWindow.Square(Kernel, Stride, Padding);

    /// <summary>Whether every filter reads all channels.</summary>
    internal bool IsDense => !Depthwise && Groups == 0;
}
