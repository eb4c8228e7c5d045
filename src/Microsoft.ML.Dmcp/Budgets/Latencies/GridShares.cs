using Microsoft.ML.Dmcp.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>
/// Where numbers lie on grids, each on its own: s(x) = [1, and for every cell the share of it that lies below x]. A function that is linear
/// between the points and constant outside is s(x) times its differences from point to point.
/// </summary>
internal sealed class GridShares : IDisposable
{
    private readonly Tensor _slopes;
    private readonly Tensor _offsets;

    /// <param name="grids">The points of every grid, ascending, and what is added to the number before it is placed.</param>
    /// <param name="dtype">Type of the numbers.</param>
    /// <param name="device">Device of the numbers.</param>
    public GridShares(IReadOnlyList<(IReadOnlyList<double> Points, double Added)> grids, ScalarType dtype, Device device)
    {
        Points = grids.Select(g => g.Points.Count).Append(1).Max();
        // The share of a cell [a, b] is (x − a)/(b − a), limited to [0, 1]; grids with fewer cells have empty ones, whose share is 0.
        var (slopes, offsets) = (new double[grids.Count, Points - 1], new double[grids.Count, Points - 1]);
        for (var grid = 0; grid < grids.Count; grid++)
        {
            var (points, added) = grids[grid];
            for (var cell = 0; cell + 1 < points.Count; cell++)
            {
                slopes[grid, cell] = 1 / (points[cell + 1] - points[cell]);
                offsets[grid, cell] = (added - points[cell]) * slopes[grid, cell];
            }
        }
        using var scope = NewDisposeScope();
        _slopes = tensor(slopes).to(dtype).to(device).DetachFromDisposeScope();
        _offsets = tensor(offsets).to(dtype).to(device).DetachFromDisposeScope();
    }

    /// <summary>Points of the largest grid.</summary>
    public int Points { get; }

    /// <summary>The shares, [grids, points].</summary>
    /// <param name="numbers">One number a grid, [grids].</param>
    public Tensor Of(Tensor numbers)
    {
        var shares = numbers.unsqueeze(1).mul(_slopes).Plus(_offsets).clamp(Scalars.Zero, Scalars.One);
        return cat([ones([shares.shape[0], 1], shares.dtype, shares.device), shares], 1);
    }

    public void Dispose()
    {
        _slopes.Dispose();
        _offsets.Dispose();
    }
}
