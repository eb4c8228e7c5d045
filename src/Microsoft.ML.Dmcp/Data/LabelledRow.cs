using Microsoft.ML.Dmcp.Data.Images;

namespace Microsoft.ML.Dmcp.Data;

/// <summary>A row of a data view, read.</summary>
/// <param name="Batch">Its place in the order of the view, in which the rows of several cursors are put together.</param>
/// <param name="Label">The class, 0-based; −1 where missing.</param>
/// <param name="Image">Null where the row has none, it cannot be read, or the label is missing.</param>
/// <param name="Failure">Why the image could not be read.</param>
/// <param name="Texts">Where it cannot be read: the row's texts, such as the path of the file; empty when there are none.</param>
internal readonly record struct LabelledRow(long Batch, int Label, ReadImage? Image, Exception? Failure, string Texts);
