namespace Microsoft.ML.Dmcp;

/// <summary>An image with pixels of one value around it.</summary>
/// <param name="Name">Name of the layer.</param>
/// <param name="Inputs">The one value it reads, [N, C, H, W].</param>
/// <param name="Top">Rows above.</param>
/// <param name="Left">Columns to the left.</param>
/// <param name="Bottom">Rows below.</param>
/// <param name="Right">Columns to the right.</param>
/// <param name="Value">What they hold.</param>
public sealed record PadLayer(string Name, IReadOnlyList<int> Inputs, int Top, int Left, int Bottom, int Right, double Value)
    : Layer(Name, Inputs);
