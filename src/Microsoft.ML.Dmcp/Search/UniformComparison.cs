using System.Globalization;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// What a search found against uniform widths within the same budget, both with the weights of the search and calibrated batch norms: a
/// first answer to whether the search was worth its time. Training may change it.
/// </summary>
/// <param name="Found">Share of the images that the found widths classify correctly.</param>
/// <param name="Uniform">Share of the images that the uniform widths classify correctly.</param>
/// <param name="StandardError">Of the difference, from the images that only one of them classifies correctly.</param>
/// <param name="Images">Number of images.</param>
/// <param name="ArePutAside">Whether no weights were trained on the images.</param>
/// <param name="KeptUniform">Whether the search gave the uniform widths (<see cref="SandwichSearchOptions.FallBackToUniform"/>).</param>
public sealed record UniformComparison(
    double Found, double Uniform, double StandardError, int Images, bool ArePutAside, bool KeptUniform)
{
    /// <summary>Compares what two networks did on the same images.</summary>
    /// <param name="found">Which images the found widths classify correctly.</param>
    /// <param name="uniform">Which ones the uniform widths do.</param>
    /// <param name="arePutAside">Whether no weights were trained on them.</param>
    /// <param name="fallsBack">Whether the uniform widths are given where they are better.</param>
    internal static UniformComparison Of(IReadOnlyList<bool> found, IReadOnlyList<bool> uniform, bool arePutAside, bool fallsBack)
    {
        double images = found.Count;
        var (onlyFound, onlyUniform) = (0, 0);
        foreach (var (f, u) in found.Zip(uniform))
        {
            onlyFound += f && !u ? 1 : 0;
            onlyUniform += u && !f ? 1 : 0;
        }
        var difference = (onlyFound - onlyUniform) / images;
        return new UniformComparison(
            found.Count(f => f) / images, uniform.Count(u => u) / images,
            Math.Sqrt(((onlyFound + onlyUniform) / images - difference * difference) / images),
            found.Count, arePutAside, fallsBack && onlyUniform > onlyFound);
    }

    /// <summary>Both accuracies, and whether they differ by more than the noise.</summary>
    public override string ToString()
    {
        var images = ArePutAside ? "images put aside" : "training images";
        var noise = Math.Abs(Found - Uniform) <= 2 * StandardError
            ? string.Create(CultureInfo.InvariantCulture, $"the same within the noise of {200 * StandardError:0.0} points")
            : $"{(Found > Uniform ? "better" : "worse")} than these beyond the noise";
        return string.Create(CultureInfo.InvariantCulture,
            $"{100 * Found:0.0} % of {Images} {images} are classified correctly, {100 * Uniform:0.0} % at uniform widths ({noise})");
    }
}
