using Microsoft.ML.Dmcp.Data.Images;

namespace Microsoft.ML.Dmcp.Reports.Evaluations;

/// <summary>An image that the network takes for another class.</summary>
/// <param name="Image">What the network saw.</param>
/// <param name="Source">Folder and name of its file, or the number of its row.</param>
/// <param name="Label">Its class.</param>
/// <param name="Predicted">What the network says.</param>
/// <param name="Probability">Of what it says.</param>
internal sealed record ConfidentError(ReadImage Image, string Source, int Label, int Predicted, float Probability);
