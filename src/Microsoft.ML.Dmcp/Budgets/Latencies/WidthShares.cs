using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>Where the channels of layers lie on the grids of their times, by <see cref="GridShares"/>.</summary>
internal sealed class WidthShares : IDisposable
{
    private readonly GridShares _grids;
    private readonly Tensor _membership;

    /// <param name="layers">The channels of every layer, and the points of its grid.</param>
    /// <param name="groups">Number of channel groups.</param>
    /// <param name="dtype">Type of the expected widths.</param>
    /// <param name="device">Device of the expected widths.</param>
    public WidthShares(
        IReadOnlyList<(WidthSum Width, IReadOnlyList<int> Points)> layers, int groups, ScalarType dtype, Device device)
    {
        var grids = layers.Select(l => ((IReadOnlyList<double>)l.Points.Select(p => (double)p).ToArray(), (double)l.Width.Fixed));
        _grids = new GridShares(grids.ToArray(), dtype, device);
        var membership = new double[layers.Count, groups];
        for (var layer = 0; layer < layers.Count; layer++)
            foreach (var group in layers[layer].Width.Groups)
                membership[layer, group]++;
        using var scope = NewDisposeScope();
        _membership = tensor(membership).to(dtype).to(device).DetachFromDisposeScope();
    }

    /// <summary>Points of the largest grid.</summary>
    public int Points => _grids.Points;

    /// <summary>The shares, [layers, points].</summary>
    /// <param name="expectedWidths">Expected width of every channel group, [groups].</param>
    public Tensor Of(Tensor expectedWidths) => _grids.Of(_membership.matmul(expectedWidths));

    public void Dispose()
    {
        _grids.Dispose();
        _membership.Dispose();
    }
}
