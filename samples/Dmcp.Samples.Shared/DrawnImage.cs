namespace Dmcp.Samples.Shared;

/// <summary>One labelled image of <see cref="DrawnShapes"/>.</summary>
/// <param name="Label">The class of the drawn shape, one of <see cref="DrawnShapes.ClassNames"/>.</param>
/// <param name="Pixels">
/// <see cref="DrawnShapes.Size"/> × <see cref="DrawnShapes.Size"/> × 3 bytes: rows from the top, pixels from the left,
/// each pixel as red, green, blue.
/// </param>
public sealed record DrawnImage(string Label, byte[] Pixels);
