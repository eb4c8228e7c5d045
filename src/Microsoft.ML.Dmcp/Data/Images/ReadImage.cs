namespace Microsoft.ML.Dmcp.Data.Images;

/// <summary>An image as its row holds it.</summary>
/// <param name="Pixels">[H, W, C].</param>
/// <param name="Shape">Its own size.</param>
/// <param name="File">Where it comes from; null when it does not say.</param>
internal sealed record ReadImage(byte[] Pixels, ImageShape Shape, string? File = null);
