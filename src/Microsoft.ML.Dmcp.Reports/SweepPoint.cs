namespace Microsoft.ML.Dmcp;

/// <summary>One network of a <see cref="SweepReport"/>.</summary>
/// <param name="Name">What distinguishes it, such as its budget.</param>
/// <param name="MFlops">Millions of multiply-adds of one image.</param>
/// <param name="MParameters">Millions of parameters.</param>
/// <param name="Accuracy">Share of held-out images that it classifies correctly, in [0, 1].</param>
/// <param name="Images">Number of held-out images.</param>
/// <param name="Milliseconds">Measured time of one run; null where nobody measured it.</param>
/// <param name="Report">Name of its own report, relative to this one; null for none.</param>
public sealed record SweepPoint(
    string Name, double MFlops, double MParameters, double Accuracy, int Images, double? Milliseconds = null, string? Report = null);
