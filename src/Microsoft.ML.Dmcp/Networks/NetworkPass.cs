using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks;

/// <summary>How one forward pass runs the network.</summary>
/// <param name="Statistics">With which statistics batch norms work.</param>
/// <param name="Widths">Width of every channel group; null for the full widths.</param>
/// <param name="Gates">Factor of every channel of every group (Eq. 7), group after group; null for none.</param>
/// <param name="Momentum">Weight of this batch in the running statistics; null for each batch norm's own.</param>
/// <param name="Dropout">Whether dropout is active.</param>
internal readonly record struct NetworkPass(
    NormStatistics Statistics, IReadOnlyList<int>? Widths = null, Tensor? Gates = null, double? Momentum = null, bool Dropout = false);
