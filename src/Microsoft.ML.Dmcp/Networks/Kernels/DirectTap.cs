namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>A pixel of the image that a pixel of the result reads.</summary>
/// <param name="Output">The pixel of the result, row by row.</param>
/// <param name="Input">The pixel of the image, row by row.</param>
/// <param name="Part">The part of the filter that is applied to it, row by row.</param>
internal readonly record struct DirectTap(int Output, int Input, int Part);
