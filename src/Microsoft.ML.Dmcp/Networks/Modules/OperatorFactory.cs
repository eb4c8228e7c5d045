using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>Makes the operators of a network, and the weights that the network registers under their names.</summary>
/// <param name="network">What the operators compute.</param>
/// <param name="device">Where the weights lie.</param>
/// <param name="dtype">Type of the weights.</param>
/// <param name="alignment">Multiple of channels in which groups are computed.</param>
/// <param name="generator">Draws the weights, and later dropout.</param>
/// <param name="isBlank">Whether the weights are 0 rather than drawn.</param>
internal sealed class OperatorFactory(
    NetworkDescription network, Device device, ScalarType dtype, int alignment, Generator generator, bool isBlank)
{
    private readonly List<(string Name, Parameter Value)> _parameters = [];
    private readonly List<(string Name, Tensor Value)> _buffers = [];

    /// <summary>Learned weights of the operators made so far; they belong to the current dispose scope.</summary>
    public IReadOnlyList<(string Name, Parameter Value)> Parameters => _parameters;

    /// <summary>Running statistics of the operators made so far; they belong to the current dispose scope.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Buffers => _buffers;

    /// <summary>One operator for every layer but the input.</summary>
    public Operator[] Create()
    {
        var ungated = GatePlacement.UngatedOutputs(network);
        return network.Layers.Select((layer, i) => (layer, i)).Skip(1).Select(x => Create(x.layer, x.i, ungated[x.i])).ToArray();
    }

    private Operator Create(Layer layer, int index, bool gated)
    {
        var (x, y) = (network.Shapes[layer.Inputs[0]], network.Shapes[index]);
        var input = new ChannelSlices(x, network.GateOffsets, alignment);
        var output = new ChannelSlices(y, network.GateOffsets, alignment);
        gated &= y.Segments.Any(g => !g.IsFixed);
        switch (layer)
        {
            case ConvLayer conv:
                var window = conv.Sliding;
                var groups = conv.Depthwise ? x.Channels : Math.Max(1, conv.Groups);
                var fanOut = (double)window.Area * conv.OutChannels / groups;
                long[] shape = [conv.OutChannels, x.Channels / groups, window.Height, window.Width];
                var filters = Normal(layer, shape, Math.Sqrt(2 / fanOut));
                var convBias = conv.HasBias ? Constant(layer, "bias", conv.OutChannels, 0) : null;
                return new ConvOperator(conv, filters, convBias, input, output, gated);
            case LinearLayer linear:
                var features = (long)x.Channels * x.FeaturesPerChannel;
                var bound = 1 / Math.Sqrt(features);
                return new LinearOperator(Uniform(layer, "weight", [linear.OutFeatures, features], bound),
                    linear.HasBias ? Uniform(layer, "bias", [linear.OutFeatures], bound) : null, input, output, gated);
            case BatchNormLayer bn:
                return new BatchNormOperator(bn, Constant(layer, "weight", y.Channels, 1), Constant(layer, "bias", y.Channels, 0),
                    Buffer(layer, "running_mean", y.Channels, 0), Buffer(layer, "running_var", y.Channels, 1), output);
            case ActivationLayer activation:
                return new ActivationOperator(activation);
            case AddLayer:
                return new SumOperator();
            case DropoutLayer dropout:
                return new DropoutOperator(dropout.Probability, generator);
            default:
                return FunctionOperator.For(layer);
        }
    }

    private Parameter Normal(Layer layer, long[] shape, double deviation) =>
        Register(layer, "weight", isBlank ? zeros(shape) : randn(shape, ScalarType.Float32, CPU, false, generator).mul(deviation));

    private Parameter Uniform(Layer layer, string name, long[] shape, double bound) =>
        Register(layer, name, isBlank ? zeros(shape) : rand(shape, ScalarType.Float32, CPU, false, generator).mul(2 * bound).sub(bound));

    private Parameter Constant(Layer layer, string name, long size, double value) =>
        Register(layer, name, full([size], value, ScalarType.Float32));

    private Parameter Register(Layer layer, string name, Tensor value)
    {
        // Filters are kept in the order of the images, channels last: libtorch would reorder them in every pass.
        var placed = value.to(dtype).to(device).clone();
        var parameter = new Parameter(value.dim() == 4 ? placed.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : placed, true);
        _parameters.Add(($"{layer.Name}.{name}", parameter));
        return parameter;
    }

    private Tensor Buffer(Layer layer, string name, long size, double value)
    {
        var buffer = full([size], value, ScalarType.Float32).to(dtype).to(device).clone();
        _buffers.Add(($"{layer.Name}.{name}", buffer));
        return buffer;
    }
}
