namespace Microsoft.ML.Dmcp.Tool.Pruning;

/// <summary>How widths are searched.</summary>
/// <param name="Method">One of <see cref="SearchChoice.Names"/>.</param>
/// <param name="Epochs">Epochs of the search.</param>
/// <param name="WidthMultiple">What all widths are multiples of.</param>
internal sealed record SearchSettings(string Method, int Epochs, int WidthMultiple);
