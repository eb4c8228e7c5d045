using System.Numerics;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// What a network costs as a function of the widths w of its channel groups: a quadratic form c + l·w + wᵀQw with integer
/// coefficients, since a convolution costs in·out, and a depth-wise one or a bias costs out. Given integer widths it counts
/// exactly (Eq. 9–12 with numbers for expectations); given a tensor of expected widths it gives the differentiable expectation.
/// </summary>
public sealed class NetworkCost : IWidthCost
{
    private readonly int _groups;
    private readonly Dictionary<(int, int), long> _quadratic = [];
    private readonly long[] _linear;
    private long _constant;

    private NetworkCost(NetworkDescription network)
    {
        _groups = network.Groups.Count;
        _linear = new long[_groups];
    }

    /// <summary>
    /// Multiply-adds (MACs) of one image, the paper's FLOPs: convolutions and linear layers, one more operation for every
    /// output with a bias. Batch norm, activations and pools do not count.
    /// </summary>
    /// <param name="network">The unpruned network.</param>
    public static NetworkCost Flops(NetworkDescription network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Sum(network, AddFlops);
    }

    /// <summary>The multiply-adds of one layer.</summary>
    /// <param name="network">The unpruned network.</param>
    /// <param name="layer">Index of the layer, 1 or more.</param>
    internal static NetworkCost FlopsOfLayer(NetworkDescription network, int layer) => OfLayer(network, layer, AddFlops);

    private static void AddFlops(Layer layer, ValueShape x, ValueShape y, NetworkCost cost)
    {
        long positions = (long)y.Height * y.Width;
        switch (layer)
        {
            case ConvLayer { Depthwise: true } conv:
                cost.AddWidth(y, positions * (conv.Sliding.Area + (conv.HasBias ? 1 : 0)));
                break;
            case ConvLayer { Groups: > 0 } conv:
                cost._constant += positions * OfGroups(conv, x);
                break;
            case ConvLayer conv:
                cost.AddProduct(x, y, positions * conv.Sliding.Area);
                cost.AddWidth(y, conv.HasBias ? positions : 0);
                break;
            case LinearLayer linear:
                cost.AddProduct(x, y, x.FeaturesPerChannel);
                cost.AddWidth(y, linear.HasBias ? 1 : 0);
                break;
        }
    }

    /// <summary>Weights of a convolution in groups, whose channels are not pruned: what one position costs.</summary>
    private static long OfGroups(ConvLayer conv, ValueShape x) =>
        conv.OutChannels * (x.Channels / conv.Groups * conv.Sliding.Area + (conv.HasBias ? 1 : 0));

    /// <summary>Learned parameters: weights and biases of convolutions and linear layers, scale and shift of batch norms.</summary>
    /// <param name="network">The unpruned network.</param>
    public static NetworkCost Parameters(NetworkDescription network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Sum(network, AddParameters);
    }

    /// <summary>The learned parameters of one layer.</summary>
    /// <param name="network">The unpruned network.</param>
    /// <param name="layer">Index of the layer, 1 or more.</param>
    internal static NetworkCost ParametersOfLayer(NetworkDescription network, int layer) => OfLayer(network, layer, AddParameters);

    private static void AddParameters(Layer layer, ValueShape x, ValueShape y, NetworkCost cost)
    {
        switch (layer)
        {
            case ConvLayer { Depthwise: true } conv:
                cost.AddWidth(y, conv.Sliding.Area + (conv.HasBias ? 1 : 0));
                break;
            case ConvLayer { Groups: > 0 } conv:
                cost._constant += OfGroups(conv, x);
                break;
            case ConvLayer conv:
                cost.AddProduct(x, y, conv.Sliding.Area);
                cost.AddWidth(y, conv.HasBias ? 1 : 0);
                break;
            case LinearLayer linear:
                cost.AddProduct(x, y, x.FeaturesPerChannel);
                cost.AddWidth(y, linear.HasBias ? 1 : 0);
                break;
            case BatchNormLayer:
                cost.AddWidth(y, 2);
                break;
        }
    }

    /// <summary>The exact cost at integer widths.</summary>
    /// <param name="widths">Width of every channel group.</param>
    public long Count(IReadOnlyList<int> widths)
    {
        ArgumentNullException.ThrowIfNull(widths);
        Require(widths.Count);
        return Evaluate<int, long>(widths);
    }

    /// <summary>What one channel less of every group saves, each by itself.</summary>
    /// <param name="widths">Width of every channel group.</param>
    internal long[] Savings(IReadOnlyList<int> widths)
    {
        var savings = (long[])_linear.Clone();
        foreach (var ((i, j), coefficient) in _quadratic)
        {
            savings[i] += coefficient * widths[j];
            // Of a square, w² − (w − 1)² = 2w − 1.
            savings[j] += coefficient * (i == j ? widths[i] - 1 : widths[i]);
        }
        return savings;
    }

    /// <summary>The cost of expected widths, which are no integers (Eq. 9–12).</summary>
    /// <param name="widths">Expected width of every channel group.</param>
    /// <exception cref="ArgumentException">Their number is not that of the groups.</exception>
    public double Expected(IReadOnlyList<double> widths)
    {
        ArgumentNullException.ThrowIfNull(widths);
        Require(widths.Count);
        return Evaluate<double, double>(widths);
    }

    long[] IWidthCost.Savings(IReadOnlyList<int> widths) => Savings(widths);

    double IWidthCost.Of(IReadOnlyList<double> widths) => Expected(widths);

    IExpectedCost IWidthCost.Expectation(ScalarType dtype, Device device) => Expectation(dtype, device);

    /// <summary>
    /// The cost of expected widths, in millions, as a differentiable function of them: the coefficients as tensors on the device of the
    /// search.
    /// </summary>
    /// <param name="dtype">Type of the expected widths.</param>
    /// <param name="device">Device of the expected widths.</param>
    internal ExpectedCost Expectation(ScalarType dtype, Device device)
    {
        const double million = 1e-6;
        var quadratic = new double[_groups * _groups];
        foreach (var ((i, j), coefficient) in _quadratic)
            quadratic[i * _groups + j] += coefficient * million;
        var linear = Array.ConvertAll(_linear, l => l * million);
        using var scope = NewDisposeScope();
        return new ExpectedCost(
            tensor(quadratic, [_groups, _groups]).to(dtype).to(device),
            tensor(linear, [(long)_groups]).to(dtype).to(device),
            _constant * million);
    }

    private void Require(int widths)
    {
        if (widths != _groups)
            throw new ArgumentException($"{widths} widths were given; needed are {_groups}, one a channel group.", nameof(widths));
    }

    /// <summary>c + l·w + wᵀQw in the numbers of the result.</summary>
    private TCost Evaluate<TWidth, TCost>(IReadOnlyList<TWidth> widths) where TWidth : INumberBase<TWidth> where TCost : INumberBase<TCost>
    {
        var cost = TCost.CreateTruncating(_constant);
        for (var i = 0; i < _groups; i++)
            cost += TCost.CreateTruncating(_linear[i]) * Width(i);
        foreach (var ((i, j), coefficient) in _quadratic)
            cost += TCost.CreateTruncating(coefficient) * Width(i) * Width(j);
        return cost;

        TCost Width(int group) => TCost.CreateTruncating(widths[group]);
    }

    private static NetworkCost Sum(NetworkDescription network, Action<Layer, ValueShape, ValueShape, NetworkCost> add)
    {
        var cost = new NetworkCost(network);
        for (var i = 1; i < network.Layers.Count; i++)
            add(network.Layers[i], network.Shapes[network.Layers[i].Inputs[0]], network.Shapes[i], cost);
        return cost;
    }

    private static NetworkCost OfLayer(NetworkDescription network, int i, Action<Layer, ValueShape, ValueShape, NetworkCost> add)
    {
        var cost = new NetworkCost(network);
        add(network.Layers[i], network.Shapes[network.Layers[i].Inputs[0]], network.Shapes[i], cost);
        return cost;
    }

    private void AddWidth(ValueShape y, long coefficient)
    {
        foreach (var segment in y.Segments)
        {
            if (segment.IsFixed)
                _constant += coefficient * segment.Channels;
            else
                _linear[segment.Index] += coefficient;
        }
    }

    private void AddProduct(ValueShape x, ValueShape y, long coefficient)
    {
        foreach (var input in x.Segments)
        {
            foreach (var output in y.Segments)
            {
                if (input.IsFixed && output.IsFixed)
                    _constant += coefficient * input.Channels * output.Channels;
                else if (input.IsFixed)
                    _linear[output.Index] += coefficient * input.Channels;
                else if (output.IsFixed)
                    _linear[input.Index] += coefficient * output.Channels;
                else
                    _quadratic[(input.Index, output.Index)] = _quadratic.GetValueOrDefault((input.Index, output.Index)) + coefficient;
            }
        }
    }
}
