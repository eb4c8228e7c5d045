namespace Microsoft.ML.Dmcp;

/// <summary>A two-dimensional convolution, dense or depth-wise, with a square kernel.</summary>
/// <param name="Name">Name of the layer.</param>
/// <param name="Inputs">The one value it reads, [N, C, H, W].</param>
/// <param name="OutChannels">Number of filters; equal to the input's channels when <paramref name="Depthwise"/>.</param>
/// <param name="Kernel">Side of the kernel in pixels.</param>
/// <param name="Stride">Step in pixels.</param>
/// <param name="Padding">Zeros added at each side, in pixels.</param>
/// <param name="Depthwise">Whether every filter reads its own channel only.</param>
/// <param name="HasBias">Whether a bias is added to every filter's output.</param>
public sealed record ConvLayer(
    string Name, IReadOnlyList<int> Inputs, int OutChannels, int Kernel, int Stride, int Padding, bool Depthwise, bool HasBias)
    : Layer(Name, Inputs);
