using Microsoft.ML.Dmcp.Networks.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Estimators.OnnxGraphs;

/// <summary>The weights of a network's layers as arrays.</summary>
/// <param name="network">The network; stays its owner's.</param>
internal sealed class LayerWeights(SlimmableNetwork network)
{
    private readonly Dictionary<string, Tensor> _tensors = network.state_dict();

    /// <summary>Bytes of all weights of a network as floats.</summary>
    public static long SizeOf(SlimmableNetwork network) => sizeof(float) * network.state_dict().Values.Sum(tensor => tensor.numel());

    /// <summary>Dimensions of a layer's weight, the outputs first.</summary>
    public long[] ShapeOf(Layer layer) => _tensors[$"{layer.Name}.weight"].shape;

    /// <summary>A tensor of a layer, its elements in the order of its dimensions.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="name">weight, bias, running_mean or running_var.</param>
    public float[] Of(Layer layer, string name)
    {
        using var scope = NewDisposeScope();
        return _tensors[$"{layer.Name}.{name}"].detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }
}
