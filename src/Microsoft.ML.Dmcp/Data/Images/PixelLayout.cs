namespace Microsoft.ML.Dmcp;

/// <summary>How the pixels of an image stand in a vector column.</summary>
public enum PixelLayout
{
    /// <summary>All of one colour, then all of the next, as <c>ExtractPixels</c> writes them by default: [C, H, W].</summary>
    Planar,

    /// <summary>
    /// The colours of one pixel side by side, as <c>ExtractPixels(interleavePixelColors: true)</c> writes them: [H, W, C].
    /// </summary>
    Interleaved,
}
