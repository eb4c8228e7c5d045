namespace Dmcp.Experiments;

/// <summary>A point of Fig. 4.</summary>
/// <param name="Iteration">Iterations of α so far.</param>
/// <param name="MFlops">Expected millions of multiply-adds.</param>
/// <param name="Accuracy">Share of the training images classified correctly since the point before.</param>
internal sealed record RecoveryPoint(int Iteration, double MFlops, double Accuracy);
