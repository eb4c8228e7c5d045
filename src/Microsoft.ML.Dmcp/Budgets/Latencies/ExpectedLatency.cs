using Microsoft.ML.Dmcp.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>
/// The time of a network in milliseconds as a differentiable function of expected widths: Σ s(inputs)ᵀ·D·s(outputs) over the layers
/// (<see cref="LayerTimes.Differences"/>), and likewise s(parameters)·d for what it takes beside. Two dozen tensor operations, however
/// deep the network.
/// </summary>
internal sealed class ExpectedLatency : IExpectedCost
{
    private const double Milliseconds = 1e-3, Millions = 1e-6;

    private readonly WidthShares _inputs;
    private readonly WidthShares _outputs;
    private readonly Tensor _differences;
    private readonly ExpectedCost _parameters;
    private readonly GridShares _overheadShares;
    private readonly Tensor _overhead;

    /// <param name="layers">The times of the layers.</param>
    /// <param name="parameters">The expected number of parameters; becomes this one's.</param>
    /// <param name="overhead">What the network takes beside its layers.</param>
    /// <param name="dtype">Type of the expected widths.</param>
    /// <param name="device">Device of the expected widths.</param>
    public ExpectedLatency(
        IReadOnlyList<PlacedTimes> layers, ExpectedCost parameters, NetworkOverhead overhead, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        _parameters = parameters;
        var groups = parameters.Groups;
        _inputs = new WidthShares(layers.Select(l => (l.Inputs, l.Times.Inputs)).ToArray(), groups, dtype, device);
        _outputs = new WidthShares(layers.Select(l => (l.Outputs, l.Times.Outputs)).ToArray(), groups, dtype, device);
        var differences = new double[layers.Count, _inputs.Points, _outputs.Points];
        for (var layer = 0; layer < layers.Count; layer++)
        {
            var ofLayer = layers[layer].Times.Differences();
            for (var r = 0; r < ofLayer.GetLength(0); r++)
                for (var c = 0; c < ofLayer.GetLength(1); c++)
                    differences[layer, r, c] = Milliseconds * ofLayer[r, c];
        }
        _differences = tensor(differences).to(dtype).to(device).DetachFromDisposeScope();
        _overheadShares = new GridShares([(overhead.Parameters.Select(p => p * Millions).ToArray(), 0)], dtype, device);
        var steps = overhead.Microseconds.Select((t, i) => Milliseconds * (i == 0 ? t : t - overhead.Microseconds[i - 1]));
        _overhead = tensor(steps.ToArray()).to(dtype).to(device).DetachFromDisposeScope();
    }

    public Tensor Of(Tensor expectedWidths)
    {
        var rows = _inputs.Of(expectedWidths).unsqueeze(1).matmul(_differences).squeeze(1);
        var layers = rows.mul(_outputs.Of(expectedWidths)).sum();
        return layers.Plus(_overheadShares.Of(_parameters.Of(expectedWidths).view(1)).mul(_overhead).sum());
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _outputs.Dispose();
        _differences.Dispose();
        _parameters.Dispose();
        _overheadShares.Dispose();
        _overhead.Dispose();
    }
}
